/** OpenClaw on the computer itself: what is the same on every system, on the parts that are not. */
import type { Clock, HostOpenClaw, Log } from '../../doors.ts';
import type { FoundProgram, Profile } from '../../moving-in/found.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import { isThere } from '../is-there.ts';
import { moveOnce } from './aside.ts';
import type { FileWays } from './file-ways.ts';
import { createHomes } from './homes.ts';
import { asideName } from './names.ts';
import { pack } from './pack.ts';
import type { Gateways, Services } from './parts.ts';
import { Unseen } from './unreadable.ts';

/** It closes its conversations first: 3 s were measured on 2026.8.2 (ms). */
const politeness = 20_000;
const lookEvery = 250;
/** Who starts it again by itself has done so by then (ms). */
const comesAgain = 3_000;

export interface Parts {
  readonly log: Log;
  readonly clock: Clock;
  /** The person's own folder. */
  readonly home: string;
  /** See {@link createHomes}. */
  readonly elsewhere?: readonly string[];
  readonly ways: FileWays;
  readonly services: Services;
  readonly gateways: Gateways;
  /** @throws when that can't be told */
  findPrograms(signal: AbortSignal): Promise<FoundProgram[]>;
}

export function hostOpenClawOf(parts: Parts): HostOpenClaw {
  const { log, clock, home, ways, services, gateways } = parts;
  const homes = createHomes(parts);
  const { folderOf } = homes;
  const asideOf = (profile: Profile, mark: string) => asideName(folderOf(profile), mark);
  const running = async (signal: AbortSignal) => gateways.find(await homes.find(), signal);

  async function untilGone(ms: number, signal: AbortSignal): Promise<boolean> {
    const until = clock.monotonic() + ms;
    for (;;) {
      if ((await running(signal)).length === 0) return true;
      if (clock.monotonic() > until) return false;
      await clock.sleep(lookEvery, signal);
    }
  }

  return {
    async look(signal) {
      try {
        const found = await homes.find();
        const run = await gateways.find(found, signal);
        return {
          is: 'seen',
          homes: found,
          programs: await parts.findPrograms(signal),
          services: await services.look(signal, { homes: found, gateways: run }),
          gateways: run.map(({ pid, profile }) => ({ pid, profile })),
        };
      } catch (error) {
        if (signal.aborted) throw new Cancelled();
        log.error('could not look for an OpenClaw on the computer itself', error);
        return error instanceof Unseen ? error.unseen : { is: 'unreadable', what: home };
      }
    },
    read: homes.read,
    measure: homes.measure,
    async stop(resting, signal) {
      await services.stop(resting, signal);
      const isAsked = await gateways.ask(await running(signal), signal);
      if (!(isAsked && (await untilGone(politeness, signal))))
        await gateways.end(await running(signal), signal);
      await untilGone(politeness, signal);
      await clock.sleep(comesAgain, signal);
      if ((await running(signal)).length > 0)
        throw new ProblemError('host-openclaw-runs-on', {}, ['try-again']);
    },
    async wake(resting, signal) {
      await services
        .start(resting, signal)
        .catch((error) => log.error('OpenClaw was not started again', error));
    },
    pack: (profile, cargo, file, report) => pack(folderOf(profile), ways, cargo, file, report),
    async putToRest({ profiles, services: resting, mark }, signal) {
      await services.layAside(resting, mark, signal);
      for (const profile of profiles)
        await moveOnce(folderOf(profile), asideOf(profile, mark), clock, signal);
    },
    restingPlaces: ({ profiles, mark }) => profiles.map((profile) => asideOf(profile, mark)),
    async canTakeBack({ profiles, mark }) {
      for (const profile of profiles)
        if ((await isThere(folderOf(profile))) && (await isThere(asideOf(profile, mark)))) return false;
      return true;
    },
    async takeBack({ profiles, services: resting, mark }, signal) {
      for (const profile of profiles) {
        const [folder, aside] = [folderOf(profile), asideOf(profile, mark)];
        if ((await isThere(aside)) && (await isThere(folder)))
          throw new ProblemError('host-openclaw-in-the-way', {}, ['try-again']);
        await moveOnce(aside, folder, clock, signal);
      }
      await services.putBack(resting, mark, signal);
    },
  };
}
