import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { autostartEntry, execArgument, setXdgAutostart } from './autostart.ts';

it.each([
  ['/opt/ClawCove/clawcove', '/opt/ClawCove/clawcove'],
  ['--hidden', '--hidden'],
  ['/home/ann/My Apps/x', '"/home/ann/My Apps/x"'],
  ['/home/李/应用', '"/home/李/应用"'],
  ['50%', '"50%%"'],
  ['say "hi"', '"say \\\\"hi\\\\""'],
  ['$HOME`x`', '"\\\\$HOME\\\\`x\\\\`"'],
  // Four backslashes for one, as the specification works it out.
  ['a\\b', '"a\\\\\\\\b"'],
  ['', '""'],
])('quotes %j for a desktop entry', (argument, quoted) => expect(execArgument(argument)).toBe(quoted));

it('starts in the tray', () => {
  const entry = autostartEntry({ file: '/home/ann/Claw Cove.AppImage', args: [] });
  expect(entry).toContain('\nExec="/home/ann/Claw Cove.AppImage" --hidden\n');
  expect(entry).toMatch(/^\[Desktop Entry\]\nType=Application\n/);
});

it('can be turned on and off, again and again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clawcove-autostart-'));
  const file = join(folder, 'autostart', 'clawcove.desktop');
  const launch = { file: '/usr/bin/clawcove', args: [] };
  await setXdgAutostart(false, folder, launch);
  await setXdgAutostart(true, folder, launch);
  await setXdgAutostart(true, folder, launch);
  expect(await readFile(file, 'utf8')).toBe(autostartEntry(launch));
  await setXdgAutostart(false, folder, launch);
  await expect(stat(file)).rejects.toThrow();
});
