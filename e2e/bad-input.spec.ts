import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { dataFolder, savedChoices, test } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/** Whatever comes over the bridge or out of a dialog: nothing is executed, the answer is clear, the app lives. */
test('garbage over the real bridge is refused, and nothing of it is executed', async ({
  freshComputer,
  launch,
}) => {
  await freshComputer({ keepImages: true });
  const { page, wizard } = await launch();
  await expect(wizard.screen('welcome')).toBeVisible({ timeout: 30_000 });
  const proof = join(rigUser().home, 'executed');
  const nasty = [
    null,
    1,
    'set-up',
    [],
    {},
    { do: 'set-up' },
    { do: 'set-up', consent: ['$(touch executed)'] },
    { do: 'fix', id: `; touch ${proof}` },
    { do: 'fix', id: '__proto__' },
    { do: 'open', what: `file://${proof}` },
    { do: 'open', what: 'openclaw', url: 'http://example.com' },
    { do: 'save-choices', choices: { sharedFolder: '/' } },
    { do: 'save-choices', choices: { agreed: true } },
    { do: 'save-choices', choices: { port: 22 } },
    {
      do: 'save-choices',
      choices: { model: { provider: 'custom', baseUrl: 'javascript:alert(1)', modelId: 'x' } },
    },
    { do: 'save-choices', choices: { model: { provider: 'custom', baseUrl: 'http://x', modelId: '$(id)' } } },
    { do: 'keep-model-key', key: 'two\nlines' },
    { do: 'answer', answer: { is: 'model-key', key: '' } },
    { do: 'remove' },
    ...fc.sample(fc.object({ maxDepth: 3 }), 120),
    ...fc.sample(fc.record({ do: fc.string(), id: fc.anything() }), 120),
  ].map((value) => JSON.stringify(value) ?? 'null');

  const replies = await page.evaluate(async (values) => {
    const { app } = window as unknown as {
      app: { do(intent: unknown): Promise<{ ok: boolean; problem?: { code: string } }> };
    };
    return Promise.all(values.map((value) => app.do(JSON.parse(value))));
  }, nasty);
  for (const [index, reply] of replies.entries()) {
    expect(reply, nasty[index]).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  }
  expect(existsSync(proof)).toBe(false);
  expect(savedOrNothing()).not.toMatchObject({ agreed: true });
  await expect(wizard.screen('welcome')).toBeVisible();
});

/** Nothing is written down before a choice was made. */
function savedOrNothing(): Record<string, unknown> {
  return existsSync(join(dataFolder(), 'choices.json')) ? savedChoices() : {};
}
