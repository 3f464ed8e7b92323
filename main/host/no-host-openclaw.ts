/** Where nobody can look for an OpenClaw of the computer itself yet: that is not "there is none". */
import type { HostOpenClaw } from '../doors.ts';
import { ProblemError } from '../problem.ts';

/** @param home the person's home folder, which is what is not looked into */
export function noHostOpenClaw(home: string): HostOpenClaw {
  const unreadable = () => new ProblemError('host-unreadable', { path: home }, ['try-again']);
  const refuse = async () => {
    throw unreadable();
  };
  return {
    look: async () => ({ is: 'unreadable', what: home }),
    read: refuse,
    measure: refuse,
    stop: refuse,
    wake: async () => {},
    pack: refuse,
    putToRest: refuse,
    restingPlaces: () => [],
    canTakeBack: async () => false,
    takeBack: refuse,
  };
}
