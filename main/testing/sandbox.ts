/**
 * A sandbox on a {@link Machine}: behaves as the interface's comments say, and
 * OpenClaw in it as it was measured, at its most inconvenient. A use that the
 * interface forbids, or a command that nobody foresaw, throws.
 */
import { createHash, createHmac } from 'node:crypto';
import semver from 'semver';
import * as z from 'zod';
import { writeWhole } from '../openclaw/furnish.ts';
import { skillWalk } from '../openclaw/skill-walk.ts';
import { ProblemError } from '../problem.ts';
import type {
  ExecResult,
  HomeSpec,
  Inspection,
  MadeBy,
  Observation,
  Sandbox,
  StateCopy,
} from '../sandbox/sandbox.ts';
import { mergePatch } from '../settings/merge-patch.ts';
import { settingsWalk } from '../settings/walk.ts';
import {
  elapsed,
  type Home,
  imageOf,
  listenerPort,
  type Machine,
  madeLately,
  type StateVolume,
} from './machine.ts';

export const inside = {
  home: '/home/openclaw',
  state: '/home/openclaw/.openclaw',
  shared: '/home/openclaw/shared',
  gatewaySecret: '/run/secrets/gateway',
  computer: ['10.0.2.2'],
} as const;

/** What is seen of a healthy gateway's process. */
export const goodProcess: Extract<Observation, { is: 'seen' }> = {
  is: 'seen',
  process: 'openclaw',
  uid: 1000,
  hostUid: 100_999,
  groups: [1000],
  effectiveCapabilities: 0n,
  boundingCapabilities: 0n,
  noNewPrivileges: true,
  seccomp: 2,
  rootWritable: false,
  ownNamespaces: ['pid', 'net', 'mnt', 'ipc', 'uts', 'user', 'cgroup'],
  memoryLimit: 3 * 1024 ** 3,
  pidsLimit: 512,
  processLimits: { processes: 512, dataBytes: null },
  hostMounts: [{ target: inside.shared, writable: true }],
  hostDevices: [],
  engineSockets: [],
  rootDoors: [],
};

const done: ExecResult = { exitCode: 0, untrustedOut: '', untrustedErr: '', truncated: false };
const failed: ExecResult = { ...done, exitCode: 1, untrustedErr: 'it did not work' };
/** Words as recorded on 2026.9.6. */
const refusedConfig: ExecResult = {
  ...failed,
  untrustedOut:
    '{ "ok": false, "error": { "message": "OpenClaw config is invalid: ~/.openclaw/openclaw.json" }, "valid": false }',
};

/** What the engine says about a home. */
export function inspectionOf(home: Home): Extract<Inspection, { is: 'present' }> {
  const { spec } = home;
  return {
    is: 'present',
    state: home.isRunning ? 'running' : 'stopped',
    exitCode: home.exitCode,
    startedAt: home.startedAt,
    restarts: 0,
    image: spec.image,
    imageDigest: home.imageDigest,
    version: spec.version,
    user: '1000:1000',
    privileged: false,
    addedCapabilities: [],
    noNewPrivileges: true,
    readOnlyRoot: true,
    hostNamespaces: [],
    mounts: [
      { source: spec.sharedFolder, target: inside.shared, kind: 'bind', writable: true },
      { source: 'clawcove-state', target: inside.state, kind: 'volume', writable: true },
    ],
    ports: [{ address: '127.0.0.1', port: spec.port, insidePort: spec.port }],
    limits: { memoryBytes: spec.memoryBytes, pids: spec.pids, cpus: spec.cpus },
    secrets: spec.secrets.map(({ id }) => id),
    hostname: 'openclaw',
    command: spec.command,
    ...home.tampered,
  };
}

/** Why a gateway would end as soon as it starts; null when it lives. Words as recorded on 2026.9.6. */
function endOf(
  machine: Machine,
  spec: HomeSpec,
  state: StateVolume,
  isRehearsal: boolean,
): [number, string] | null {
  if (machine.isDiskFull) return [1, 'Error: database or disk is full: code=ERR_SQLITE_ERROR'];
  if (state.owner === 'root') return [1, "Error: EACCES: permission denied, open '/home/openclaw/.openclaw'"];
  if (state.config === null)
    return [
      78,
      'Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured).',
    ];
  if (!state.config.isValid)
    return [78, 'Gateway start blocked: existing config is missing gateway.mode. Treat this as suspicious.'];
  if (!state.config.isHardened) return [78, 'Refusing to bind gateway to lan without auth.'];
  if (semver.gt(state.version, spec.version)) return [1, 'database was created by a newer OpenClaw'];
  if (elapsed(machine) < machine.leaseUntil)
    return [
      1,
      'Gateway failed to start: Another Gateway owner lease is still active for this state directory.',
    ];
  if (elapsed(machine) < machine.busyUntil)
    return [1, 'Gateway failed to start: state lease heartbeat startup deadline expired or owner stopped'];
  if (machine.duds.has(spec.version) && (!isRehearsal || machine.alsoInRehearsal))
    return [1, 'TypeError: undefined is not a function'];
  return null;
}

function stateOf(machine: Machine, version: string): StateVolume {
  machine.state ??= { config: null, hasLastGood: false, version, owner: 'agent', memories: [] };
  return machine.state;
}

/** What a command of OpenClaw's does to the state, in a passing sandbox. */
function runOnce(machine: Machine, spec: HomeSpec, argv: readonly string[], input?: string): ExecResult {
  const state = stateOf(machine, spec.version);
  if (argv[0] === 'test') return state.config ? done : failed;
  if (argv[0] === 'mv') {
    if (!state.config) return failed;
    state.config = null;
    return done;
  }
  if (argv[2] === writeWhole) {
    const { meta: _, gateway, agents, ...more } = Settings.parse(JSON.parse(input ?? ''));
    const { primary: model } = agents.defaults.model;
    state.config = { isValid: true, isHardened: false, port: gateway.port, model, more };
    return done;
  }
  if (argv[0] !== 'openclaw') throw new Error(`unexpected command ${argv.join(' ')}`);
  if (semver.gt(state.version, spec.version))
    return { ...failed, untrustedErr: 'created by a newer OpenClaw' };
  if (machine.isDiskFull) return { ...failed, untrustedErr: 'ENOSPC: no space left on device' };
  // Any of them may migrate the state.
  state.version = spec.version;
  switch (argv[1]) {
    case 'onboard': {
      const after = (option: string) => argv[argv.indexOf(option) + 1] ?? '';
      if (!spec.environment.OPENCLAW_GATEWAY_TOKEN) return failed;
      state.config = {
        isValid: true,
        isHardened: false,
        port: Number(after('--gateway-port')),
        model: argv.includes('--custom-base-url') ? after('--custom-base-url') : after('--auth-choice'),
        ...(state.config?.more !== undefined && { more: state.config.more }),
      };
      return done;
    }
    case 'config':
      if (argv[2] === 'validate') return state.config?.isValid ? done : refusedConfig;
      if (!state.config?.isValid) return failed;
      mendAudit(machine, spec.version, 'gateway.');
      state.config = { ...state.config, isHardened: true, port: spec.port };
      state.hasLastGood = true;
      return done;
    case 'doctor':
      if (state.config?.isValid || !state.hasLastGood) return failed;
      state.config = { isValid: true, isHardened: true, port: spec.port, model: 'last-good' };
      return done;
    default:
      throw new Error(`unexpected command ${argv.join(' ')}`);
  }
}

function mendAudit({ critical }: Machine, version: string, group: string): void {
  const left = (critical.get(version) ?? []).filter((checkId) => !checkId.startsWith(group));
  if (critical.has(version)) critical.set(version, left);
}

/** What `npm view` prints about versions; as recorded on npm 11.19. */
function npmsWords({ npm }: Machine, argv: readonly string[]): ExecResult {
  const [, ranges] = argv.find((word) => word.startsWith('openclaw@'))?.split('@') ?? [];
  if (npm === null || ranges === undefined) return failed;
  const entries = ranges
    .split('||')
    .filter((version) => version in npm.versions)
    .map((version) => {
      const deprecated = npm.versions[version];
      return { 'dist-tags': npm.tags, version, ...(deprecated !== null && { deprecated }) };
    });
  if (entries.length === 0) return { ...failed, untrustedOut: '{ "error": { "code": "E404" } }' };
  return { ...done, untrustedOut: JSON.stringify(entries.length === 1 ? entries[0] : entries, null, 2) };
}

/** What opens to who knocks from inside, as network-fenced has it done. */
function knocked(machine: Machine, { holes }: Home, order: string): ExecResult {
  const { doors, word } = JSON.parse(order) as { doors: { host: string; port: number }[]; word: string };
  const isNear = (host: string) => /^(?:10|169\.254|192\.168)\./.test(host);
  const answers = doors.map(({ host }) =>
    (isNear(host) ? holes.has(host) : machine.isOnline) ? 'open' : 'refused',
  );
  if (doors.some(({ host, port }) => port === listenerPort && holes.has(host))) machine.heard.push(word);
  return { ...done, untrustedOut: `${JSON.stringify(answers)}\n` };
}

/** What OpenClaw's own looks at itself print. */
function ownWords(machine: Machine, version: string, argv: readonly string[]): ExecResult {
  const says = (data: unknown) => ({ ...done, untrustedOut: `warning: something\n${JSON.stringify(data)}` });
  if (argv.some((word) => word.includes('CHANGELOG.md')))
    return machine.changelog === null ? failed : { ...done, untrustedOut: machine.changelog };
  if (argv[0] === 'npm') return npmsWords(machine, argv);
  // The mark of everything that the audit looks at.
  if (argv[0] === 'sh') {
    const looked = JSON.stringify([...machine.critical, machine.warnings]);
    return {
      ...done,
      untrustedOut: `d 700 .openclaw\n${createHash('sha256').update(looked).digest('hex')}  -\n`,
    };
  }
  switch (argv.join(' ')) {
    case 'openclaw gateway call gateway.restart.preflight --json':
      return machine.isAgentBusy === null ? failed : says({ safe: !machine.isAgentBusy });
    case 'openclaw health --json':
      return machine.unwell.has(version) ? failed : says({ ok: true });
    case 'openclaw security audit --json': {
      const critical = machine.critical.get(version) ?? [];
      return says({
        findings: [
          ...critical.map((checkId) => ({ checkId, severity: 'critical', title: 'Grave' })),
          ...machine.warnings.map((checkId) => ({ checkId, severity: 'warn', title: 'Less so' })),
          { checkId: 'summary.attack_surface', severity: 'info', title: 'All in all' },
        ],
      });
    }
    case 'openclaw security audit --fix --json':
      mendAudit(machine, version, 'fs.');
      return says({ fix: { ok: true } });
    default:
      throw new Error(`unexpected ${argv.join(' ')}`);
  }
}

/** What the walk through the home prints. */
function walked({ skills, changesItself, reloads }: Machine): ExecResult {
  if (skills === null) return failed;
  return { ...done, untrustedOut: JSON.stringify({ items: skills, isCut: false, changesItself, reloads }) };
}

/** The settings that ClawCove changes while OpenClaw runs. */
const Patch = z.object({
  skills: z.object({
    entries: z.record(z.string(), z.object({ enabled: z.boolean() })),
    workshop: z.object({ autonomous: z.object({ mode: z.literal('propose') }) }).optional(),
  }),
  plugins: z.object({ entries: z.record(z.string(), z.object({ enabled: z.boolean() })) }),
});

/** What {@link settingsIn} gives, as far as it is known here. */
const Settings = z.looseObject({
  meta: z.unknown(),
  gateway: z.object({ port: z.number() }),
  agents: z.object({ defaults: z.object({ model: z.object({ primary: z.string() }) }) }),
});

/** Every setting; nothing that says which skills are on, which stands in {@link Machine.skills}. */
function settingsIn({ home, state }: Machine): unknown {
  const config = state?.config;
  if (!config?.isValid) return null;
  const { port, model, more } = config;
  const ours = {
    meta: { lastTouchedVersion: home?.spec.version },
    gateway: { port },
    agents: { defaults: { model: { primary: model } } },
  };
  return mergePatch(ours, more ?? {});
}

/** What the walk through the settings prints. */
function settingsWalked(machine: Machine, [, , , , salt = '', what]: readonly string[]): ExecResult {
  const whole = settingsIn(machine);
  if (whole === null) return failed;
  const leaves: [string[], string][] = [];
  const walk = (value: unknown, path: string[]) => {
    const inner =
      value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    if (inner.length > 0) for (const [key, each] of inner) walk(each, [...path, key]);
    else
      leaves.push([
        path,
        createHmac('sha256', salt)
          .update(JSON.stringify(value) ?? '')
          .digest('hex'),
      ]);
  };
  walk(whole, []);
  return {
    ...done,
    untrustedOut: JSON.stringify({ leaves, isCut: false, ...(what === 'whole' && { whole }) }),
  };
}

function patched(machine: Machine, input: string | undefined): ExecResult {
  if (machine.isDiskFull) return { ...failed, untrustedErr: 'ENOSPC: no space left on device' };
  const patch = JSON.parse(input ?? '');
  if (!('skills' in patch)) {
    const config = machine.state?.config;
    if (config) config.more = mergePatch(config.more, patch);
    return done;
  }
  const { skills, plugins } = Patch.parse(patch);
  if (skills.workshop) machine.changesItself = false;
  for (const skill of machine.skills ?? []) {
    const { entries } = skill.kind === 'skill' ? skills : plugins;
    const switched = skill.keys.map((key) => entries[key]?.enabled).find((enabled) => enabled !== undefined);
    skill.isOn = switched ?? skill.isOn;
  }
  return done;
}

/** What an attempt to break out prints, see proof/inside.ts; null: the command is something else. */
function attemptIn(machine: Machine, [, , program = '', mark = '']: readonly string[]): string | null {
  if (!/^[0-9a-f]{32}$/.test(mark)) return null;
  return `${mark} ${machine.escapes.has(program) ? 'through' : 'stopped 1'}\n`;
}

/** Ends a home whose version does not live long. */
export function letTimePass(machine: Machine): void {
  const { home } = machine;
  const life = machine.crashAfter.get(home?.spec.version ?? '');
  if (!home?.isRunning || life === undefined) return;
  if (elapsed(machine) - home.upSince >= life)
    Object.assign(home, { isRunning: false, startedAt: null, exitCode: 1 });
}

/** @see Sandbox */
export function createTestSandbox(machine: Machine): Sandbox {
  const mustRest = (what: string) => {
    if (machine.home?.isRunning) throw new Error(`${what} while the home runs`);
  };
  const mustHaveRoom = () => {
    if (machine.isDiskFull) throw new ProblemError('no-room-on-disk');
  };
  const mustHave = (spec: HomeSpec) => {
    for (const { id } of spec.secrets) if (!machine.secrets.has(id)) throw new Error(`no secret ${id}`);
    if (!machine.folders.has(spec.sharedFolder)) throw new Error(`no folder ${spec.sharedFolder}`);
    if (![...machine.images.values()].some(({ reference }) => reference === spec.image))
      throw new Error(`no image ${spec.image}`);
  };
  const copyThere = (copy: StateCopy) => {
    const there = machine.copies.get(copy);
    if (!there) throw new Error(`no copy ${copy}`);
    return there;
  };
  const put = (copy: StateCopy, of: MadeBy, state: StateVolume | null) => {
    mustHaveRoom();
    if (!state) throw new Error('there is no state to copy');
    machine.copies.set(copy, { of, state: structuredClone(state) });
  };
  return {
    engine: machine.engineName,
    inside,
    probe: async () => machine.engine,
    async unstick() {
      const { engine } = machine;
      if (engine.is === 'no-virtualization') return engine;
      if (engine.is !== 'stuck' && engine.is !== 'no-answer') throw new Error('the engine is not stuck');
      machine.engine = { is: 'ready', version: '5.4.2', limits: 'enforced' };
      if (engine.is === 'stuck') machine.home = null;
      else if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
      return machine.engine;
    },
    async mend() {
      const { mended, home } = machine;
      machine.mended = { is: 'as-it-was' };
      if (home) {
        const { fault: _, ...others } = home.tampered;
        home.tampered = others;
      }
      if (mended.is === 'as-it-was') return mended;
      machine.copies.clear();
      if (home) Object.assign(home, { isRunning: false, startedAt: null });
      if (mended.is === 'gone') Object.assign(machine, { home: null, state: null });
      else if (machine.state) machine.state.memories = machine.state.memories.slice(0, 1);
      return mended;
    },
    clockAhead: async () => (machine.home?.isRunning ? machine.clockAhead : null),
    async setClock() {
      if (machine.clockAhead !== null) machine.clockAhead = 0;
    },
    ownSystem: async () => machine.ownSystem,
    async fixOwnSystem() {
      if (machine.ownSystem.is !== 'seen') return;
      const { now } = machine;
      machine.ownSystem = {
        ...machine.ownSystem,
        isAutomatic: true,
        askedAt: now,
        fixedAt: now,
        restartSince: null,
      };
    },
    async listVersions() {
      if (machine.offered === null) throw new Error('the image source is out of reach');
      return machine.offered;
    },
    describeVersion: async (tag) => ({
      createdAt: machine.published.get(tag) ?? null,
      version: machine.selfNames.get(tag) ?? (tag === 'latest' ? null : tag),
      processor: machine.forOthers.has(tag) ? 'others' : 'this-one',
    }),
    findImage: async (version) => machine.images.get(version) ?? null,
    async imageDate(reference) {
      const isHere = [...machine.images.values()].some((image) => image.reference === reference);
      const date = machine.imageDates.get(reference);
      if (!isHere || date === null) return null;
      return date ?? madeLately;
    },
    async fetchImage(version, report) {
      if (!machine.offered?.includes(version)) throw new Error(`no such version ${version}`);
      mustHaveRoom();
      const image = imageOf(version);
      report.progress(0, image.sizeBytes);
      report.progress(image.sizeBytes, image.sizeBytes);
      machine.images.set(version, image);
      return image;
    },
    async keepSecret(id, value) {
      mustHaveRoom();
      machine.secrets.set(id, value);
    },
    hasSecret: async (id) => machine.secrets.has(id),
    async once(spec, argv, { input }) {
      mustRest(argv.join(' '));
      mustHave(spec);
      if (argv[2] === settingsWalk) return settingsWalked(machine, argv);
      return runOnce(machine, spec, argv, input);
    },
    async create(spec) {
      mustHaveRoom();
      mustHave(spec);
      const image = [...machine.images.values()].find(({ reference }) => reference === spec.image);
      machine.isForeign = false;
      stateOf(machine, spec.version).owner = 'agent';
      machine.home = {
        spec,
        imageDigest: image?.digest ?? '',
        secrets: new Map(spec.secrets.map(({ id }) => [id, machine.secrets.get(id) ?? ''])),
        isRunning: false,
        startedAt: null,
        upSince: 0,
        exitCode: null,
        tampered: {},
        seen: {},
        observation: null,
        holes: new Set(),
      };
    },
    async start() {
      const { home } = machine;
      if (!home) throw new Error('there is no home to start');
      if (home.isRunning) return;
      if (machine.squatters.has(home.spec.port)) throw new Error('bind: address already in use');
      const end = endOf(machine, home.spec, stateOf(machine, home.spec.version), false);
      // Every start builds the fence anew.
      home.holes.clear();
      home.isRunning = end === null;
      home.startedAt = end === null ? machine.now : null;
      home.upSince = elapsed(machine);
      home.exitCode = end?.[0] ?? null;
      machine.printed.push('[gateway] loading configuration…', ...(end ? [end[1]] : []));
      if (end === null && machine.state) machine.state.version = home.spec.version;
    },
    async stop() {
      if (!machine.home?.isRunning) return;
      Object.assign(machine.home, { isRunning: false, startedAt: null, exitCode: 0 });
    },
    async exec(_as, argv, { input }) {
      letTimePass(machine);
      if (!machine.home?.isRunning) throw new ProblemError('home-not-running', {}, ['try-again']);
      if (argv[2] === skillWalk) return walked(machine);
      if (argv[2] === settingsWalk) return settingsWalked(machine, argv);
      const attempt = attemptIn(machine, argv);
      if (attempt) return { ...done, untrustedOut: attempt };
      if (argv[0] === 'node') return knocked(machine, machine.home, argv[3] ?? '');
      if (argv.join(' ') === 'openclaw config patch --stdin') return patched(machine, input);
      if (argv[1] !== 'dashboard') return ownWords(machine, machine.home.spec.version, argv);
      const browserUrl = `http://0.0.0.0:${machine.home.spec.port}/#bootstrapToken=once`;
      return { ...done, untrustedOut: `warning: something\n${JSON.stringify({ browserUrl })}` };
    },
    findMarked: async () => [],
    async inspect() {
      letTimePass(machine);
      if (machine.isForeign) return { is: 'foreign', name: 'openclaw' };
      return machine.home ? inspectionOf(machine.home) : { is: 'missing' };
    },
    async observe() {
      if (!machine.home?.isRunning) return { is: 'not-running' };
      return machine.home.observation ?? { ...goodProcess, ...machine.home.seen };
    },
    workspaceFolder: async () =>
      machine.home?.isRunning ? `/proc/4711/root${inside.state}/workspace` : null,
    untrustedLog: async (lines) => machine.printed.slice(-lines).join('\n'),
    hasState: async () => machine.state !== null,
    async copyState(copy, of) {
      put(copy, of, machine.state);
    },
    findCopy: async (copy) => machine.copies.get(copy)?.of ?? null,
    async exchangeState(copy, was) {
      mustRest('exchanging the state');
      const comes = machine.copies.get(copy);
      if (!comes && machine.copies.has('aside')) return;
      if (!comes) throw new Error(`no copy ${copy}`);
      machine.copies.delete(copy);
      if (machine.state) machine.copies.set('aside', { of: was, state: machine.state });
      machine.state = comes.state;
    },
    async sizeOfCopy(copy) {
      copyThere(copy);
      return machine.stateBytes;
    },
    async saveCopy(copy, file) {
      mustHaveRoom();
      machine.archives.set(file, structuredClone(copyThere(copy).state));
    },
    async loadCopy(copy, file, of) {
      const archive = machine.archives.get(file);
      if (!archive) throw new Error(`no archive ${file}`);
      put(copy, of, archive);
    },
    async dropCopy(copy) {
      machine.copies.delete(copy);
    },
    async startRehearsal(spec) {
      mustHave(spec);
      const { state } = copyThere('rehearsal');
      if (spec.command[0] === 'sleep') {
        machine.rehearsal = { spec, isRunning: true, upSince: elapsed(machine) };
        return;
      }
      const end = endOf(machine, spec, state, true);
      machine.rehearsal = { spec, isRunning: end === null, upSince: elapsed(machine) };
      if (end) machine.printed.push(end[1]);
      else state.version = spec.version;
    },
    async inRehearsal(argv) {
      const { rehearsal } = machine;
      if (!rehearsal?.isRunning) throw new ProblemError('home-not-running', {}, ['try-again']);
      if (argv[0] === 'openclaw') return ownWords(machine, rehearsal.spec.version, argv);
      if (argv.some((word) => word.includes('package.json'))) {
        const answer = { has: '24.21.0', needs: machine.needs.get(rehearsal.spec.version) };
        return { ...done, untrustedOut: JSON.stringify(answer) };
      }
      const isReady =
        elapsed(machine) - rehearsal.upSince >= machine.startTakes &&
        !(machine.alsoInRehearsal && machine.neverReady.has(rehearsal.spec.version));
      return isReady ? done : failed;
    },
    async endRehearsal() {
      machine.rehearsal = null;
      machine.copies.delete('rehearsal');
      return machine.printed.slice(-3).join('\n');
    },
    async tidy() {
      machine.rehearsal = null;
      for (const copy of ['incoming', 'outgoing', 'rehearsal'] as const) machine.copies.delete(copy);
    },
    async setAutostart(on) {
      machine.autostart = on;
    },
    hasAutostart: async () => machine.autostart,
    async dropSpareImages(keep) {
      for (const version of machine.images.keys())
        if (!keep.includes(version)) machine.images.delete(version);
      machine.freeDisk = Math.max(machine.freeDisk, 20 * 1024 ** 3);
    },
    async destroy({ state }) {
      machine.home = null;
      machine.rehearsal = null;
      machine.copies.clear();
      machine.secrets.clear();
      machine.images.clear();
      machine.autostart = false;
      if (state) machine.state = null;
    },
  };
}

/** What needs no engine. */
const withoutEngine: readonly (keyof Sandbox)[] = [
  'inside',
  'probe',
  'unstick',
  'setAutostart',
  'hasAutostart',
];

/** The same sandbox, whose verbs fail while the engine can't carry a home. */
export function onlyWithEngine(machine: Machine, sandbox: Sandbox): Sandbox {
  const entries = Object.entries(sandbox).map(([name, value]) => {
    if (typeof value !== 'function' || withoutEngine.some((verb) => verb === name)) return [name, value];
    const verb = async (...args: unknown[]) => {
      if (machine.engine.is !== 'ready')
        throw new ProblemError('engine-not-ready', { state: machine.engine.is }, ['check-now']);
      return value(...args);
    };
    return [name, verb];
  });
  return Object.fromEntries(entries) as Sandbox;
}
