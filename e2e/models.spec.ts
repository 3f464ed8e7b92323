import { expect } from '@playwright/test';
import { readState } from './break.ts';
import { test } from './fixtures.ts';

/** The services that OpenClaw's own onboarding knows in a way of their own; the rest are set up like "another service". */
for (const { service, model } of [
  { service: 'OpenAI', model: /^custom-api-openai-com\// },
  { service: 'Anthropic (Claude)', model: /^anthropic\// },
]) {
  test(`set up with ${service}`, { tag: '@long' }, async ({ freshComputer, launch }) => {
    await freshComputer({ keepImages: true });
    const { wizard } = await launch();
    await wizard.toReview({ service, key: 'sk-of-the-test' });
    await wizard.agree();
    await wizard.untilDone();
    const config = await readState('openclaw.json');
    expect(JSON.parse(config).agents.defaults.model.primary).toMatch(model);
    expect(config).not.toContain('sk-of-the-test');
  });
}
