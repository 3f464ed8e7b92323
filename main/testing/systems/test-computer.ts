/** What the computers in tests have in common: doors that can be opened again and again, as ClawCove is started. */
import type { Language } from '../../contract.ts';
import type { Clock, Command, Doors, Log } from '../../doors.ts';
import { assembleDoors } from '../../host/doors.ts';
import type { SystemDoors } from '../../host/system-doors.ts';
import { createTestDesktop, type TestDesktop } from './desktop.ts';
import type { Internet } from './internet.ts';
import { noPrivateData } from './no-private-data.ts';

export interface TestComputer {
  /** Opens the doors, as every start of ClawCove does. */
  open(): Promise<Doors>;
  /** Everything that was run, as words. */
  readonly commands: () => readonly (readonly string[])[];
  /** What nobody foresaw: a test fails by it. */
  readonly unexpected: () => readonly string[];
  readonly logged: readonly string[];
  readonly desktop: TestDesktop;
  /** The person restarts the computer. */
  restart(): void;
}

export interface TestComputerOptions {
  readonly internet: Internet;
  readonly clock: Clock;
  readonly dataFolder: string;
  readonly language: Language;
  readonly programs: { readonly commands: readonly Command[]; readonly unexpected: readonly string[] };
  readonly open: (internet: Internet, log: Log) => Promise<SystemDoors>;
}

export function openTestComputer(options: TestComputerOptions): Omit<TestComputer, 'restart'> {
  const { internet, clock, dataFolder, language, programs } = options;
  const logged: string[] = [];
  const log: Log = {
    info: (message) => void logged.push(message),
    error: (message, error) =>
      void logged.push(`${message}: ${error instanceof Error ? error.stack : error}`),
  };
  const desktop = createTestDesktop();
  return {
    logged,
    desktop,
    commands: () => programs.commands.map(({ file, args }) => [file, ...args]),
    unexpected: () => [...programs.unexpected, ...internet.unexpected],
    async open() {
      const doors = assembleDoors(await options.open(internet, log), {
        app: { version: '0.1.0', isPackaged: false, feed: null, file: null, startAnew: null },
        ...{ desktop: desktop.desktop, log, dataFolder, language, clock, net: internet.net },
        scanProgram: { entry: '', maps: '', hasProc: false },
      });
      return { ...doors, privateData: noPrivateData };
    },
  };
}
