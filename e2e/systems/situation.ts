/** What a test says of the computer that the window opens on. */
import type { Language } from '../../main/contract.ts';
import type { MacState } from '../../main/testing/systems/mac.ts';
import type { TestMac } from '../../main/testing/systems/mac-computer.ts';
import type { WindowsState } from '../../main/testing/systems/windows.ts';
import type { TestWindows } from '../../main/testing/systems/windows-computer.ts';

export interface Situation {
  readonly system: 'windows' | 'macos';
  /** The checkout with what was built of the product. */
  readonly checkout: string;
  /** Folder in which the other computer's files lie; made anew where it is missing. */
  readonly root: string;
  readonly user: string;
  readonly language: Language;
  readonly state: Partial<Omit<WindowsState, 'tasks'>> | Partial<MacState>;
}

/** The word on the command line before it. */
export const situationWord = '--situation=';

/** What the app leaves for tests in its main process. */
export interface LeftForTests {
  readonly elsewhere: TestWindows | TestMac;
}
