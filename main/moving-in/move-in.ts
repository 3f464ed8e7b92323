/**
 * Moves an OpenClaw of the computer itself into its safe home: its memories, conversations and settings.
 * Old or new, never neither: the old one is stopped, but neither changed nor put to rest before the
 * new one has lived on what was packed. Nothing of it is ever deleted.
 *
 * Every stage is written down before its work begins: whatever kills ClawCove, `recover.ts` goes on or
 * takes it back.
 */
import { findBackup } from '../backup/back-up.ts';
import { newId } from '../backup/catalogue.ts';
import { mustFit } from '../backup/room.ts';
import { maxNearbyServices, NearbyService, type Question } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { hardenedConfig } from '../openclaw/config.ts';
import { fetchVersion, newestVersion } from '../openclaw/make.ts';
import { isOlder } from '../openclaw/versions.ts';
import { ProblemError } from '../problem.ts';
import { isNearAddress } from '../sandbox/fence.ts';
import type { FetchedImage } from '../sandbox/sandbox.ts';
import { moveTo } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import { changeModel } from '../work/tasks.ts';
import { cargoFor, hasModel, modelServices, type Settings, settingsIn } from './cargo.ts';
import { type FoundHome, type HostFile, type HostSeen, type Resting, whyUnseen } from './found.ts';
import type { Came, HostMove } from './journal.ts';
import { abandon, homeBefore, returnAll } from './take-back.ts';

/** A name that is waited for (ms). */
const resolveTimeout = 3_000;

/** What of an OpenClaw on the computer itself has to be put to rest. */
export const isPresent = ({ homes, services, gateways }: HostSeen): boolean =>
  homes.length > 0 || services.length > 0 || gateways.length > 0;

/** Whether what the safe home knows already is more than what it came with; pure. */
export function isLivedIn({ store }: Pick<Doors, 'store'>): boolean {
  return store.choices().movedIn;
}

/** What the person is asked before anything is done. Pure. */
export function questionAbout({ homes, gateways }: HostSeen, livedIn: boolean): Question {
  return {
    is: 'move-in',
    found: homes.map(({ profile, folder, version }) => ({
      profile,
      folder,
      version,
      runs: gateways.some((gateway) => gateway.profile === profile),
    })),
    livedIn,
  };
}

/** Looks, asks, and does what the person says. */
export async function moveInFromHost(doors: Doors, job: Job): Promise<void> {
  const { hostOpenClaw, store, clock } = doors;
  job.step('looking');
  const look = await hostOpenClaw.look(job.signal);
  if (look.is !== 'seen') {
    const { code, facts } = whyUnseen(look);
    throw new ProblemError(code, facts, ['try-again']);
  }
  if (!isPresent(look)) return;
  if (look.gateways.some(({ profile }) => profile === null))
    throw new ProblemError('host-openclaw-elsewhere', {}, ['try-again']);
  const answer = await job.ask(questionAbout(look, isLivedIn(doors)));
  const home =
    answer.is === 'move' ? look.homes.find(({ profile }) => profile === answer.profile) : undefined;
  if (answer.is !== 'keep' && !home) throw new ProblemError('move-in-declined', {}, ['try-again']);
  const at = clock.now();
  const begun = { at, resting: restingOf(look, at) };
  if (!home) {
    job.noReturn();
    await store.saveReceipts({ hostMove: { stage: 'resting', ...begun, came: null } });
    return putToRest(doors, job, { stage: 'resting', ...begun, came: null });
  }
  await bringOver(doors, job, look, home, begun);
}

function restingOf({ homes, services }: HostSeen, at: number): Resting {
  return {
    mark: new Date(at).toISOString().slice(0, 19).replaceAll(':', '-'),
    profiles: homes.map(({ profile }) => profile),
    services: services.map(({ name, startsByItself, isActive }) => ({
      name,
      startsByItself,
      wasActive: isActive === true,
    })),
  };
}

type Begun = Pick<HostMove, 'at' | 'resting'>;

async function bringOver(
  doors: Doors,
  job: Job,
  look: HostSeen,
  home: FoundHome,
  begun: Begun,
): Promise<void> {
  const { hostOpenClaw, store } = doors;
  // Fetched while the old one still serves.
  const image = await fetchVersion(doors, job, await versionFor(doors, job, look, home));
  const { bytes } = await hostOpenClaw.measure(home.profile, job.signal);
  await mustFit(doors, store.backupFolder, bytes);
  const settings = settingsIn(await hostOpenClaw.read(home.profile, 'openclaw.json', job.signal));
  const nearby = await servicesNearby(doors, settings, job.signal);
  job.noReturn();
  await store.saveReceipts({ hostMove: { stage: 'stopping', ...begun } });
  let came: Came | null = null;
  try {
    job.step('stopping-host-openclaw');
    await hostOpenClaw.stop(begun.resting.services, job.signal);
    came = await pack(doors, job, home, { reference: image.reference, version: image.version });
    await store.saveReceipts({ hostMove: { stage: 'moving', ...begun, came } });
    await moveTo(doors, job, {
      version: image.version,
      load: came.backup,
      // Another service's key must not meet its settings.
      onceRehearsed: () =>
        store.saveChoices({
          ...(hasModel(settings) && { model: { provider: 'later' } }),
          nearbyServices: withMore(store.choices().nearbyServices, nearby),
        }),
    });
  } catch (error) {
    doors.log.error('OpenClaw could not move in', error);
    await abandon(doors, job, { ...begun, came });
    throw inWords(error);
  }
  await settleIn(doors, job, { stage: 'moving', ...begun, came });
  if (!hasModel(settings) && store.choices().model.provider !== 'later')
    await changeModel(doors, job, store.choices().model);
}

/** What is said of a backup and of an update, said of a moving in. */
function inWords(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { code, facts } = error.problem;
  if (code === 'backup-not-fit') return new ProblemError('move-in-not-fit', facts, ['try-again', 'open-log']);
  return code === 'update-put-back'
    ? new ProblemError('move-in-put-back', {}, ['try-again', 'open-log'])
    : error;
}

/**
 * The OpenClaw that takes it over: that of the home, or the newest, where that is too old: no OpenClaw
 * takes what a newer one has had in hand.
 */
async function versionFor(
  doors: Doors,
  job: Job,
  { programs }: HostSeen,
  { version }: FoundHome,
): Promise<string> {
  const made = doors.store.receipts().sandbox;
  if (!made) throw new ProblemError('no-home-yet', {}, ['try-again']);
  const known = [version, ...programs.map((program) => program.version)].filter((each) => each !== null);
  const old = known.reduce((one, other) => (isOlder(one, other) ? other : one), '0.0.0');
  if (!isOlder(made.version, old)) return made.version;
  const offered = await newestVersion(doors, job);
  if (isOlder(offered, old))
    throw new ProblemError('host-openclaw-newer', { version: old, newest: offered }, []);
  return offered;
}

/** Packs its folder as a backup, which is read back once before anything is built on it. */
async function pack(
  doors: Doors,
  job: Job,
  { profile, folder }: FoundHome,
  image: Pick<FetchedImage, 'reference' | 'version'>,
): Promise<Came> {
  const { hostOpenClaw, backups, store, clock, sandbox, computer } = doors;
  job.step('packing-host-openclaw');
  await backups.sweep();
  const read = (name: HostFile) => hostOpenClaw.read(profile, name, job.signal);
  const { model, port, nearbyServices } = store.choices();
  const { inside } = sandbox;
  const cargo = cargoFor(
    settingsIn(await read('openclaw.json')),
    await read('.env'),
    { from: folder, home: (await computer.knownFolders()).home, to: inside.state },
    hardenedConfig(port, inside.gatewaySecret),
  );
  const { fingerprint } = await hostOpenClaw.measure(profile, job.signal);
  const at = clock.now();
  const backup = newId(at, 'moved-in');
  await hostOpenClaw.pack(profile, cargo, backups.fileOf(backup), job);
  const size = await backups.measure(backup, job.signal);
  const { reference, version } = image;
  // It belongs to the OpenClaw that takes it over: that one has to live on it.
  await backups.note(backup, {
    at,
    why: 'moved-in',
    image: reference,
    version,
    ...size,
    verifiedAt: null,
    model: null,
  });
  job.step('verifying-backup');
  await findBackup(doors, job, backup);
  return { profile, backup, fingerprint, former: { model, nearbyServices }, home: null };
}

/** Those of its models' servers that lie behind the fence around its home, unless it is let through. */
async function servicesNearby({ net }: Doors, settings: Settings, signal: AbortSignal): Promise<string[]> {
  const found = await Promise.all(
    modelServices(settings).map(async ({ host, port }) => {
      const addresses = await net.resolve(host, { timeoutMs: resolveTimeout, signal });
      const service = NearbyService.safeParse(`${host}:${port}`);
      return addresses.some(isNearAddress) && service.success ? [service.data] : [];
    }),
  );
  return found.flat();
}

const withMore = (services: readonly string[], more: readonly string[]): string[] =>
  [...new Set([...services, ...more])].slice(0, maxNearbyServices);

/**
 * The new one lives: its backup counts as proven, and the old one is put to rest. Unless that one was
 * used meanwhile: then what it learned is not in the home, and it is the one that stays.
 */
export async function settleIn(
  doors: Doors,
  job: Job,
  move: Extract<HostMove, { stage: 'moving' }>,
): Promise<void> {
  const { hostOpenClaw, store, backups, clock } = doors;
  const { came, at, resting } = move;
  const look = await hostOpenClaw.look(job.signal);
  const runs = look.is === 'seen' && look.gateways.length > 0;
  const isUsed =
    runs || (await hostOpenClaw.measure(came.profile, job.signal)).fingerprint !== came.fingerprint;
  if (isUsed) {
    await returnAll(doors, job, { stage: 'returning', at, resting, came });
    throw new ProblemError('host-openclaw-was-used', {}, ['try-again']);
  }
  const noted = (await backups.list()).find(({ id }) => id === came.backup);
  if (noted) await backups.note(came.backup, { ...noted.note, verifiedAt: clock.now() });
  const home = await homeBefore(doors, at);
  const next = { stage: 'resting' as const, at, resting, came: { ...came, home } };
  await store.saveReceipts({ hostMove: next });
  await putToRest(doors, job, next);
}

/** Takes from the old one what starts it, and lays its folders aside; safe to repeat. */
export async function putToRest(
  { hostOpenClaw, store }: Doors,
  job: Job,
  move: Extract<HostMove, { stage: 'resting' }>,
): Promise<void> {
  job.step('putting-host-openclaw-to-rest');
  await hostOpenClaw.stop(move.resting.services, job.signal);
  await hostOpenClaw.putToRest(move.resting, job.signal);
  await store.saveReceipts({ hostMove: { ...move, stage: 'done' } });
}
