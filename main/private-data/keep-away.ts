/** Takes files with private data out of OpenClaw's reach, and puts them back. Nothing is ever deleted. */
import { join, posix } from 'node:path';
import type { ProblemCode } from '../contract.ts';
import type { Doors, HostComputer } from '../doors.ts';
import { isIn } from '../is-in.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import type { SearchedPlace } from './found.ts';
import { keptFolders, nextKeptFolder } from './kept-folder.ts';
import { foundId } from './left.ts';
import { reachedPlaces } from './places.ts';
import { type Searched, searchReached } from './search.ts';
import { keptPath, longestPath, type TakenFile, withoutTaken, withTaken } from './taken.ts';

/** A search that came no further for so many looks comes no further at all. */
const mostIdleLooks = 8;
/** A search ends at a number of finds; so often it is begun anew behind them. */
const mostRounds = 20;
/** So many files of the same name nobody has. */
const mostNamesakes = 10_000;

/** Looks until everything was looked at, or the search comes no further. */
async function searchToEnd(doors: Doors, job: Job): Promise<Searched> {
  let idle = 0;
  for (let looked = -1; ; ) {
    const searched = await searchReached(doors, job.signal);
    job.signal.throwIfAborted();
    if (searched.search.isWhole) return searched;
    idle = searched.search.looked > looked ? 0 : idle + 1;
    if (idle === mostIdleLooks) return searched;
    looked = searched.search.looked;
  }
}

/** One that can't be moved doesn't stop the others; in the end it is told of them. */
function mustBeNone(failures: readonly ProblemError[], all: ProblemCode): void {
  const [only, another] = failures;
  const noRoom = failures.find(({ problem }) => problem.code === 'no-room-on-disk');
  if (noRoom) throw noRoom;
  if (only && another) throw new ProblemError(all, { count: failures.length }, ['try-again', 'open-log']);
  if (only) throw only;
}

/** Notes down what went wrong with one file; only what a person can understand lets the others go on. */
function noteFailure(error: unknown, job: Job, failures: ProblemError[]): void {
  job.signal.throwIfAborted();
  if (!(error instanceof ProblemError)) throw error;
  job.log(error.message);
  failures.push(error);
}

/**
 * Makes the folder that keeps what is moved.
 *
 * @throws ProblemError `cannot-keep-file` where there is none that OpenClaw can't see
 */
async function makeKeptFolder({ computer, log }: Doors, shared: string): Promise<string> {
  const folders = keptFolders(shared, (await computer.knownFolders()).home);
  for (const folder of folders) {
    try {
      await computer.makeFolder(folder);
      const real = await computer.realPath(folder);
      // One that is there already may be a link of the person's to anywhere.
      if (real !== null && !isIn(real, shared)) return folder;
    } catch (error) {
      log.error(`could not make ${folder}`, error);
    }
  }
  throw new ProblemError('cannot-keep-file', { path: folders[0] });
}

/** A folder in the kept one in which nothing has that name: what is noted down before the move is then true after it. */
async function folderFor(computer: HostComputer, kept: string, name: string): Promise<string> {
  for (let number = 1; number <= mostNamesakes; number++) {
    const folder = nextKeptFolder(kept, number);
    await computer.makeFolder(folder).catch(() => {
      throw new ProblemError('cannot-keep-file', { path: folder });
    });
    if ((await computer.realPath(join(folder, name))) === null) return folder;
  }
  throw new ProblemError('cannot-keep-file', { path: kept });
}

/** Moves one file, and notes down before it where it comes from; whoever is killed on the way leaves a note at most. */
async function takeOne(
  { computer, privateData, store, clock }: Doors,
  job: Job,
  { place, folder }: SearchedPlace,
  untrustedPath: string,
  kept: string,
): Promise<void> {
  if (untrustedPath.length > longestPath) throw new ProblemError('cannot-keep-file', { path: kept });
  const name = posix.basename(untrustedPath);
  const note: TakenFile = {
    place,
    folder: place === 'shared' ? folder : null,
    untrustedPath,
    keptFolder: await folderFor(computer, kept, name),
    keptName: name,
    at: clock.now(),
  };
  const notes = () => store.receipts().takenFiles;
  await store.saveReceipts({ takenFiles: withTaken(notes(), note) });
  const forget = () => store.saveReceipts({ takenFiles: withoutTaken(notes(), note) });
  try {
    const keptName = await privateData.take({ place, folder }, untrustedPath, note.keptFolder, job.signal);
    if (keptName === null) await forget();
    else if (keptName !== name)
      await store.saveReceipts({ takenFiles: withTaken(withoutTaken(notes(), note), { ...note, keptName }) });
  } catch (error) {
    if (error instanceof ProblemError) await forget();
    throw error;
  }
}

/**
 * Moves every file with private data that OpenClaw reaches, but those that may stay, into a folder beside
 * the shared one. Can be cancelled between two files.
 *
 * @throws ProblemError when some could not be moved
 */
export async function keepAway(doors: Doors, job: Job): Promise<void> {
  const tried = new Set<string>();
  const failures: ProblemError[] = [];
  for (let round = 0; round < mostRounds; round++) {
    job.step('searching-files');
    const { counted, places } = await searchToEnd(doors, job);
    const files = counted.filter((file) => !tried.has(foundId(file)));
    if (files.length === 0) break;
    job.step('moving-files');
    const shared =
      places.find(({ place }) => place === 'shared')?.folder ?? doors.store.choices().sharedFolder;
    const kept = await makeKeptFolder(doors, shared);
    for (const [index, file] of files.entries()) {
      job.signal.throwIfAborted();
      job.count(index, files.length);
      tried.add(foundId(file));
      const from = places.find(({ place }) => place === file.place);
      if (!from) continue;
      await takeOne(doors, job, from, file.untrustedPath, kept).catch((error) =>
        noteFailure(error, job, failures),
      );
    }
  }
  mustBeNone(failures, 'files-not-moved');
}

/** Where a file was taken from; null: the agent's workspace, while OpenClaw rests. */
async function placeOf(doors: Doors, file: TakenFile, signal: AbortSignal): Promise<SearchedPlace | null> {
  if (file.folder !== null) return { place: file.place, folder: file.folder };
  const { places } = await reachedPlaces(doors, signal);
  return places.find(({ place }) => place === file.place) ?? null;
}

/**
 * Puts files back where they were taken from. Can be cancelled between two files.
 *
 * @param files as they are noted down
 * @throws ProblemError when some could not be put back
 */
export async function putFilesBack(doors: Doors, job: Job, files: readonly TakenFile[]): Promise<void> {
  const { computer, privateData, store } = doors;
  const failures: ProblemError[] = [];
  job.step('putting-files-back');
  const putOne = async (file: TakenFile) => {
    // One that is gone from there was put back by the person, or never moved.
    if ((await computer.realPath(keptPath(file))) !== null) {
      const to = await placeOf(doors, file, job.signal);
      if (!to) throw new ProblemError('home-not-running', {}, ['try-again']);
      await privateData.putBack(file.keptFolder, file.keptName, to, file.untrustedPath, job.signal);
    }
    await store.saveReceipts({ takenFiles: withoutTaken(store.receipts().takenFiles, file) });
  };
  for (const [index, file] of files.entries()) {
    job.signal.throwIfAborted();
    job.count(index, files.length);
    await putOne(file).catch((error) => noteFailure(error, job, failures));
  }
  mustBeNone(failures, 'files-not-put-back');
}
