import type { OtherComputerAccess } from '../doors.ts';

const nobody = async (): Promise<never> => {
  throw new Error('this test has no other computer');
};

/** For tests in which there is no other computer to speak of. */
export const noOtherComputer: OtherComputerAccess = {
  rename: nobody,
  shownKey: nobody,
  trust: nobody,
  commands: nobody,
  letIn: nobody,
  knock: nobody,
  signs: nobody,
  dedicate: nobody,
};
