import type { Doors } from '../doors.ts';

/**
 * Work that makes only scratch things while the home serves: written down, so that they are
 * taken away if it is killed. Beside a move that is open already, that one's end takes them away.
 */
export async function withScratch<T>({ store }: Doors, work: () => Promise<T>): Promise<T> {
  if (store.updates().open !== null) return work();
  await store.saveUpdates({ open: { stage: 'preparing' } });
  try {
    return await work();
  } finally {
    await store.saveUpdates({ open: null });
  }
}
