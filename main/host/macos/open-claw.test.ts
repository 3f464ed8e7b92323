import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { findOpenClaw, labelsFrom } from './open-claw.ts';

const signal = new AbortController().signal;
const printed = (label: string) => `/bin/launchctl print gui/501/${label}`;
const unknown = exited(113, '', 'Could not find service "x" in domain for user gui: 501\n');

async function find(made: readonly string[], answers: Record<string, Outcome>) {
  const folder = await testFolder();
  for (const path of made) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  const { run } = strictRun({ [printed('ai.openclaw.gateway')]: unknown, ...answers });
  const options = { run, home: join(folder, 'home'), uid: 501, applications: join(folder, 'Applications') };
  const found = await findOpenClaw(options, signal);
  const short = (path: string) => path.slice(folder.length + 1);
  // What the test's own computer has installed for everybody is none of this.
  return found
    .map((trace) => ('path' in trace ? { ...trace, path: short(trace.path) } : trace))
    .filter((trace) => !('path' in trace) || made.some((path) => path.startsWith(trace.path)));
}

describe('an OpenClaw on the Mac itself', () => {
  it('leaves no trace where there is none', async () => expect(await find([], {})).toEqual([]));

  it('is found by all its names', async () => {
    const programs = [
      '.openclaw/bin/openclaw',
      '.local/bin/clawdbot',
      '.volta/bin/openclaw',
      '.bun/bin/openclaw',
      'Library/pnpm/openclaw',
      '.nvm/versions/node/v24.1.0/bin/openclaw',
      'Library/Application Support/fnm/node-versions/v24/installation/bin/openclaw',
    ];
    const found = await find(
      [
        'home/Library/LaunchAgents/ai.openclaw.gateway.plist',
        'home/Library/LaunchAgents/ai.openclaw.work.plist',
        'home/Library/LaunchAgents/com.apple.x.plist',
        'Applications/OpenClaw.app',
        'home/.openclaw-work/openclaw.json',
        ...programs.map((path) => `home/${path}`),
      ],
      {
        [printed('ai.openclaw.gateway')]: exited(0, 'state = running'),
        [printed('ai.openclaw.work')]: unknown,
      },
    );
    expect(found).toEqual(
      expect.arrayContaining([
        { is: 'service', label: 'ai.openclaw.gateway', isLoaded: true },
        { is: 'service', label: 'ai.openclaw.work', isLoaded: false },
        { is: 'app', path: 'Applications/OpenClaw.app' },
        { is: 'state', path: 'home/.openclaw' },
        { is: 'state', path: 'home/.openclaw-work' },
        ...programs.map((path) => ({ is: 'program', path: `home/${path}` })),
      ]),
    );
    expect(found).toHaveLength(5 + programs.length);
  });

  it('is found by what is loaded although its file is gone; where nobody tells, that is said', async () => {
    expect(await find([], { [printed('ai.openclaw.gateway')]: exited(0) })).toEqual([
      { is: 'service', label: 'ai.openclaw.gateway', isLoaded: true },
    ]);
    const file = ['home/Library/LaunchAgents/ai.openclaw.gateway.plist'];
    for (const outcome of [{ is: 'timed-out' }, exited(1)] satisfies Outcome[])
      expect(await find(file, { [printed('ai.openclaw.gateway')]: outcome })).toEqual([
        { is: 'service', label: 'ai.openclaw.gateway', isLoaded: null },
      ]);
  });

  it('is nobody else’s agent', () => {
    expect(
      labelsFrom([
        ...[
          'ai.openclaw.gateway.plist',
          'com.clawdbot.gateway.plist',
          'bot.moltbot.gateway.plist',
          'ai.openclaw.plist',
        ],
        ...[
          'ai.openclawed.x.plist',
          'ai.openclaw.a b.plist',
          'ai.openclaw.gateway.plist.bak',
          'app.clawcove.machine.plist',
        ],
      ]),
    ).toEqual(['ai.openclaw.gateway', 'com.clawdbot.gateway', 'bot.moltbot.gateway']);
  });
});
