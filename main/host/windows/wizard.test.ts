/** The whole app on Windows' own doors, from welcome to home, with everything behind the doors as a strict double. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../app.ts';
import { emptyRoot, goTo, removeRoot } from '../../testing/systems/elsewhere.ts';
import {
  createWindowsComputer,
  type WindowsComputerOptions,
} from '../../testing/systems/windows-computer.ts';

const there = vi.hoisted(() => async (name: string) => {
  const { elsewhere } = await import('../../testing/systems/elsewhere.ts');
  return elsewhere(name as Parameters<typeof elsewhere>[0], 'windows');
});
vi.mock('node:fs', () => there('node:fs'));
vi.mock('node:fs/promises', () => there('node:fs/promises'));
vi.mock('node:path', () => there('node:path'));
vi.mock('node:os', () => there('node:os'));
vi.mock('node:net', () => there('node:net'));
vi.mock('systeminformation', () => there('systeminformation'));
vi.mock('write-file-atomic', () => there('write-file-atomic'));

const GiB = 1024 ** 3;
const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) removeRoot(root);
});

async function windows(options: Partial<WindowsComputerOptions> = {}) {
  const root = emptyRoot();
  roots.push(root);
  goTo({
    ...{ system: 'windows', root, memoryBytes: 16 * GiB, freeDisk: () => 200 * GiB },
    ...{ takenPorts: new Set(), systemName: ['Microsoft Windows 11 Home', '10.0.26100'], uid: 0 },
  });
  return createWindowsComputer({ user: '王小明', language: 'zh-CN', ...options });
}

describe('set-up on Windows', () => {
  it('goes from welcome to home', async () => {
    const computer = await windows();
    const doors = await computer.open();
    const app = createApp(doors, '0.1.0');
    app.state.subscribe(({ work }) => {
      if (work.is === 'asking') setImmediate(() => void app.act({ do: 'answer', answer: { is: 'yes' } }));
    });
    await app.act({ do: 'set-up', consent: [] });
    const end = await app.settled();
    const { rows, work } = app.state.get();
    console.log(JSON.stringify(end), JSON.stringify(work), computer.logged.slice(-30).join('\n'));
    for (const row of rows) console.log(row.id, JSON.stringify(row.finding).slice(0, 300));
    expect(computer.unexpected()).toEqual([]);
  });
});
