/** The person's desktop, on which nothing happens but what a test wants to know. */
import type { Desktop } from '../../doors.ts';

export interface TestDesktop {
  readonly desktop: Desktop;
  /** What was opened. */
  readonly opened: string[];
  /** Whether ClawCove starts at login; null: nobody has said. */
  startsAtLogin: boolean | null;
}

export function createTestDesktop(): TestDesktop {
  const opened: string[] = [];
  const nothing = async () => null;
  const test: TestDesktop = {
    opened,
    startsAtLogin: null,
    desktop: {
      openPage: async (url) => void opened.push(url),
      openFolder: async (path) => void opened.push(path),
      openLog: async () => void opened.push('log'),
      openSettings: async (_, page) => void opened.push(page),
      ...{ chooseFolder: nothing, chooseCopyPlace: nothing, chooseCopy: nothing, chooseReportPlace: nothing },
      keepReport: async () => {},
      async setStartAtLogin(on) {
        test.startsAtLogin = on;
      },
    },
  };
  return test;
}
