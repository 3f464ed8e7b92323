import { posix } from 'node:path';
import type { Finding, ReasonCode } from '../contract.ts';
import type { Doors, KnownFolders } from '../doors.ts';
import { isIn } from '../is-in.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import type { Inspection, Observation } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { defaultSharedFolder } from './default-folder.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/**
 * Why a folder must not be the one that OpenClaw sees, or null when it may; pure.
 *
 * @param path real absolute path of the folder
 */
export function judgeFolder(path: string, known: KnownFolders): ReasonCode | null {
  if (isIn(known.home, path)) return 'folder-holds-home';
  if ([...known.personal, ...known.secrets, ...known.synced].some((folder) => isIn(folder, path)))
    return 'folder-holds-private';
  if (known.secrets.some((folder) => isIn(path, folder))) return 'folder-is-secret';
  if (known.synced.some((folder) => isIn(path, folder))) return 'folder-is-synced';
  // A folder *in* Documents is one of one's own; Documents itself is everybody's.
  return null;
}

/** What the running process sees of this computer's files, wherever it was mounted; null when none runs. */
function seenInside(seen: Observation | null): readonly string[] | null {
  return seen?.is === 'seen' ? seen.hostMounts.map(({ target }) => target) : null;
}

/**
 * The mounts of this computer's files that are neither the shared folder nor something in it
 * (a disk that the person has mounted there); pure.
 *
 * @param shared where the shared folder is inside
 */
export function strangeMounts(targets: readonly string[], shared: string): string[] {
  return targets.filter((target) => {
    const way = posix.relative(shared, target);
    return way === '..' || way.startsWith('../');
  });
}

/** The host folders that the home was made with, as real paths; null when there is no home yet. */
async function mountedFolders({ computer }: Doors, there: Inspection): Promise<string[] | null> {
  if (there.is !== 'present') return null;
  const binds = there.mounts.filter((mount) => mount.kind === 'bind');
  return Promise.all(binds.map(async ({ source }) => (await computer.realPath(source)) ?? source));
}

/** Exactly one folder of this computer is visible to OpenClaw, and it is for nothing else. */
export const folderDedicated: Safeguard = {
  id: 'folder-dedicated',
  guide: ['no-private-data', 'least-privilege'],
  needs: ['engine-ready'],
  patience: 0,
  async check(doors, signal) {
    const { computer, store, clock, sandbox } = doors;
    if (sandbox.shares === 'nothing') return judgeNothingShared(doors, signal);
    const chosen = store.choices().sharedFolder;
    const real = await computer.realPath(chosen);
    const at = clock.now();
    if (real === null)
      return broken('attention', 'folder-missing', [saw(at, 'folder-not-found', { path: chosen })], {
        path: chosen,
      });
    const known = await computer.knownFolders();
    const there = await sandbox.inspect(signal);
    const mounted = await mountedFolders(doors, there);
    // Into a machine that can't be used nobody can look; which folders it was given is seen from outside.
    const isShut = there.is === 'present' && there.fault !== undefined;
    const seen = mounted && !isShut ? await sandbox.observe(signal) : null;
    const inside = seenInside(seen);
    const evidence = [
      mounted === null
        ? saw(at, 'folder-chosen', { path: real })
        : saw(at, 'folders-visible', {
            count: mounted.length,
            paths: mounted.join(', ').slice(0, 300) || '–',
          }),
      ...(inside === null
        ? []
        : [
            saw(at, 'process-mounts', {
              count: inside.length,
              paths: inside.join(', ').slice(0, 300) || '–',
            }),
          ]),
    ];
    const bad = [real, ...(mounted ?? [])]
      .map((path) => judgeFolder(path, known))
      .find((why) => why !== null);
    if (bad) return broken('danger', bad, evidence, { path: (mounted ?? [real]).join(', ').slice(0, 300) });
    if (mounted !== null && (mounted.length !== 1 || mounted[0] !== real)) {
      return broken('danger', 'folder-not-the-only-one', evidence, { count: mounted.length });
    }
    if (seen?.is === 'unreadable') return unknown('process-unreadable', evidence);
    // Whatever the home was made with: it could have been added while it runs.
    const strange = strangeMounts(inside ?? [], sandbox.inside.shared);
    if (strange.length > 0)
      return broken('danger', 'folder-not-the-only-one', evidence, { count: 1 + strange.length });
    return ok(evidence);
  },
  async fix(doors, job) {
    if (doors.sandbox.shares === 'nothing') return makeAgain(doors, job);
    job.step('making-folder');
    await ensureGoodFolder(doors, job);
    await makeAgain(doors, job);
  },
};

async function makeAgain(doors: Doors, job: Job): Promise<void> {
  if ((await doors.sandbox.inspect(job.signal)).is === 'missing') return;
  await makeHome(doors, job);
  await wakeIfWanted(doors, job);
}

/** A home that sees no folder of this computer at all has none that could be the wrong one. */
async function judgeNothingShared(doors: Doors, signal: AbortSignal): Promise<Finding> {
  const mounted = await mountedFolders(doors, await doors.sandbox.inspect(signal));
  const seen = mounted && (await doors.sandbox.observe(signal));
  const inside = seenInside(seen);
  const paths = [...(mounted ?? []), ...(inside ?? [])];
  const at = doors.clock.now();
  const evidence = [
    saw(at, 'folders-visible', { count: paths.length, paths: paths.join(', ').slice(0, 300) || '–' }),
  ];
  if (paths.length > 0) return broken('danger', 'folder-not-the-only-one', evidence, { count: paths.length });
  if (seen?.is === 'unreadable') return unknown('process-unreadable', evidence);
  return ok(evidence, [{ code: 'nothing-shared', facts: {} }]);
}

/** Makes the chosen folder, or the recommended one where the chosen one won't do. */
async function ensureGoodFolder({ computer, store }: Doors, job: Job): Promise<void> {
  const known = await computer.knownFolders();
  const { sharedFolder: chosen } = store.choices();
  const real = (await computer.realPath(chosen)) ?? chosen;
  const folder = judgeFolder(real, known) === null ? chosen : defaultSharedFolder(known.home);
  if (folder !== chosen) job.log(`using ${folder} instead of ${chosen}`);
  if ((await computer.realPath(folder)) === null) {
    await computer.makeFolder(folder);
    await store.saveReceipts({ folderMade: folder });
  }
  await store.saveChoices({ sharedFolder: folder });
}
