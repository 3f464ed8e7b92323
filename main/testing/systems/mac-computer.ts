/** A whole Mac in tests: the real doors of macOS on doubles of what is behind them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../contract.ts';
import { openMacDoors } from '../../host/macos/doors.ts';
import { limaHomeFor } from '../../sandbox/lima/home.ts';
import { sharedInside } from '../../sandbox/lima/names.ts';
import { createMachine } from '../machine.ts';
import { createQuickClock } from './clock.ts';
import { createTestGuest } from './guest.ts';
import { createInternet } from './internet.ts';
import { createMac, type MacState } from './mac.ts';
import { openTestComputer, type TestComputer } from './test-computer.ts';

/** The first person's number on every Mac. */
export const macUid = 501;
const resources = '/Applications/ClawCove.app/Contents/Resources';

export interface MacComputerOptions {
  /** The person's account, as their folder is called. */
  readonly user: string;
  readonly language: Language;
  readonly state?: Partial<MacState>;
}

export interface TestMac extends TestComputer {
  readonly state: MacState;
}

/** Needs `goTo` before: its files lie elsewhere. */
export async function createMacComputer({
  user,
  language,
  state: change = {},
}: MacComputerOptions): Promise<TestMac> {
  const home = `/Users/${user}`;
  for (const folder of ['Documents', 'Desktop', 'Library/LaunchAgents'])
    await mkdir(join(home, folder), { recursive: true });
  const dataFolder = join(home, 'Library', 'Application Support', 'clawcove');
  const state: MacState = {
    ...{ system: '15.5', canVirtualize: true, isEntitled: true, hasLima: true, neverAnswers: false },
    ...{ isDiskFull: false, machine: 'none' },
    ...change,
  };
  const machine = createMachine({ engineName: 'Lima' });
  const clock = createQuickClock(machine);
  const sharedMount = () => 'rw,relatime - virtiofs mount0 rw';
  const guest = createTestGuest({ machine, agentId: macUid, sharedInside, sharedMount });
  const limaHome = limaHomeFor(home, macUid);
  const limactl = join(resources, 'lima', 'bin', 'limactl');
  const mac = createMac({ state, guest, limactl, limaHome, uid: macUid });
  const internet = createInternet({
    machine,
    versions: ['2026.9.5', '2026.9.6'],
    ...{ files: {}, open: new Set(), asksBeforeListening: false },
  });
  return {
    state,
    restart: () => void mac.restart(),
    ...openTestComputer({
      ...{ internet, clock, dataFolder, language, programs: mac },
      open: ({ net, open }, log) =>
        openMacDoors(
          {
            ...{ environment: { HOME: home, USER: user }, home, dataFolder, clock, net, open, log },
            ...{ uid: macUid, processor: 'arm64', resources },
            startPrograms: () => mac.run,
          },
          new AbortController().signal,
        ),
    }),
  };
}
