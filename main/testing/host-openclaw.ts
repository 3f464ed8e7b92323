/** An OpenClaw on the {@link Machine} itself, outside any home: behaves as the interface's comments say. */
import type { HostOpenClaw } from '../doors.ts';
import type { Profile } from '../moving-in/found.ts';
import { ProblemError } from '../problem.ts';
import type { Machine, StateVolume } from './machine.ts';

/** Everything that is there of OpenClaw outside any home. */
export interface OnComputer {
  /** What lies where it looks for it, and what lies aside, with its mark. */
  homes: { profile: Profile; state: StateVolume; aside: string | null; model: string | null }[];
  services: {
    name: string;
    starts: Profile;
    startsByItself: boolean;
    isActive: boolean;
    aside: string | null;
  }[];
  /** Whose gateways run; null: of one who keeps its memories elsewhere. */
  running: (Profile | null)[];
  programs: { folder: string; version: string | null }[];
  /** Nobody can look. */
  isShut: boolean;
  /** Something starts it again as soon as it is stopped. */
  comesAgain: boolean;
}

export const nothingOnComputer = (): OnComputer => ({
  homes: [],
  services: [],
  running: [],
  programs: [],
  isShut: false,
  comesAgain: false,
});

/** One that runs, started by a service, with something to lose. */
export function livesOnComputer(version = '2026.9.5', memory = 'my name is Grace'): OnComputer {
  return {
    ...nothingOnComputer(),
    homes: [
      {
        profile: 'default',
        aside: null,
        model: 'https://old.example/v1',
        state: {
          config: { isValid: true, isHardened: false, port: 18_789, model: 'https://old.example/v1' },
          hasLastGood: false,
          version,
          owner: 'agent',
          memories: [memory],
        },
      },
    ],
    services: [
      {
        name: 'openclaw-gateway.service',
        starts: 'default',
        startsByItself: true,
        isActive: true,
        aside: null,
      },
    ],
    running: ['default'],
    programs: [{ folder: '/home/ada/.npm-global/lib/node_modules/openclaw', version }],
  };
}

const folderOf = (profile: Profile) =>
  profile === 'default' ? '/home/ada/.openclaw' : `/home/ada/.openclaw-${profile}`;

/** @see HostOpenClaw */
export function createTestHost(machine: Machine): HostOpenClaw {
  const here = () => machine.onComputer;
  const homeOf = (profile: Profile) => {
    const home = here().homes.find((each) => each.profile === profile && each.aside === null);
    if (!home) throw new Error(`no folder of ${profile}`);
    return home;
  };
  const serviceOf = (name: string) => here().services.filter((each) => each.name === name);
  return {
    async look() {
      const { homes, services, running, programs, isShut } = here();
      if (isShut) return { is: 'unreadable', what: '/home/ada' };
      return {
        is: 'seen',
        homes: homes
          .filter(({ aside }) => aside === null)
          .map(({ profile, state }) => ({ profile, folder: folderOf(profile), version: state.version })),
        programs,
        services: services
          .filter(({ aside }) => aside === null)
          .map(({ name, startsByItself, isActive }) => ({ name, startsByItself, isActive })),
        gateways: running.map((profile, at) => ({ pid: 500 + at, profile })),
      };
    },
    async read(profile, name) {
      const { model } = homeOf(profile);
      if (name === '.env') return 'TELEGRAM_BOT_TOKEN=only-here\n';
      const providers = model === null ? {} : { old: { baseUrl: model } };
      return JSON.stringify({
        models: { providers },
        agents: { defaults: { workspace: folderOf(profile) } },
      });
    },
    measure: async (profile) => ({
      bytes: machine.stateBytes,
      fingerprint: JSON.stringify(homeOf(profile).state),
    }),
    async stop(services) {
      for (const { name, wasActive } of services)
        if (wasActive) for (const service of serviceOf(name)) service.isActive = false;
      if (here().comesAgain) throw new ProblemError('host-openclaw-runs-on', {}, ['try-again']);
      here().running = [];
    },
    async wake(services) {
      for (const { name, wasActive } of services)
        for (const service of serviceOf(name).filter((each) => wasActive && each.aside === null)) {
          service.isActive = true;
          if (!here().running.includes(service.starts)) here().running.push(service.starts);
        }
    },
    async pack(profile, cargo, file) {
      if (here().running.includes(profile)) throw new Error('packed while it runs');
      if (machine.isDiskFull) throw new ProblemError('no-room-on-disk');
      const state = structuredClone(homeOf(profile).state);
      // Only with ClawCove's own settings it can be tried out in a home.
      const isHardened = cargo.instead.some(
        ({ name, text }) => name === 'openclaw.json' && text.includes('"clawcove"'),
      );
      if (state.config) state.config.isHardened = isHardened;
      machine.archives.set(file, state);
    },
    async putToRest({ profiles, services, mark }) {
      for (const { name } of services)
        for (const service of serviceOf(name)) Object.assign(service, { aside: mark, startsByItself: false });
      for (const home of here().homes)
        if (profiles.includes(home.profile) && home.aside === null) home.aside = mark;
    },
    restingPlaces: ({ profiles, mark }) =>
      profiles.map((profile) => `${folderOf(profile)}.moved-into-clawcove-${mark}`),
    async canTakeBack({ profiles, mark }) {
      const { homes } = here();
      const isTaken = (profile: Profile) =>
        homes.some((each) => each.profile === profile && each.aside === null);
      return !homes.some(
        ({ profile, aside }) => profiles.includes(profile) && aside === mark && isTaken(profile),
      );
    },
    async takeBack({ profiles, services, mark }) {
      for (const home of here().homes)
        if (profiles.includes(home.profile) && home.aside === mark) home.aside = null;
      for (const { name, startsByItself } of services)
        for (const service of serviceOf(name)) Object.assign(service, { aside: null, startsByItself });
    },
  };
}
