/**
 * The product's window on another system's doors. An entry of its own, which no shipped app has: the doors are opened
 * here, and handed to the same app.ts and the same faces.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app as electron, protocol } from 'electron';
import { createApp } from '../../main/app.ts';
import { openFaces } from '../../main/faces/open-faces.ts';
import { quietChromium, registerScheme } from '../../main/faces/security.ts';
import { goTo } from '../../main/testing/systems/elsewhere.ts';
import { createMacComputer, macUid } from '../../main/testing/systems/mac-computer.ts';
import { createWindowsComputer } from '../../main/testing/systems/windows-computer.ts';
import { type LeftForTests, type Situation, situationWord } from './situation.ts';

const GiB = 1024 ** 3;
const word = process.argv.find((each) => each.startsWith(situationWord)) ?? '';
const { system, checkout, root, user, language, state }: Situation = JSON.parse(
  word.slice(situationWord.length),
);

mkdirSync(root, { recursive: true });
goTo({
  ...{ system, root, memoryBytes: 16 * GiB, freeDisk: () => 200 * GiB, takenPorts: new Set(), uid: macUid },
  systemName: system === 'windows' ? ['Microsoft Windows 11 Home', '10.0.26100'] : ['macOS', '15.5'],
});
const computer = await (system === 'windows'
  ? createWindowsComputer({ user, language, state })
  : createMacComputer({ user, language, state }));
Object.assign(globalThis, { elsewhere: computer } satisfies LeftForTests);

electron.setPath('userData', join(root, 'electron'));
quietChromium(electron);
registerScheme(protocol);
electron.enableSandbox();
openFaces({
  home: checkout,
  system,
  version: '0.1.0',
  isHidden: false,
  createApp: async () => createApp(await computer.open(), '0.1.0'),
  log: { info() {}, error: (message, error) => process.stderr.write(`${message}: ${error}\n`) },
  hasTray: async () => false,
  onQuit: async () => {},
});
