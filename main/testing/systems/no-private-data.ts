import type { PrivateData } from '../../doors.ts';

/** A search that finds nothing: its threads are programs of their own, which know this computer's files only. */
export const noPrivateData: PrivateData = {
  look: async () => ({ files: [], looked: 1, unreadable: 0, isWhole: true, shut: [] }),
  take: async () => null,
  putBack: async () => {},
  close: async () => {},
};
