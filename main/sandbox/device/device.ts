/**
 * Another computer that is there for nothing but OpenClaw (an old laptop, a small one under the desk), kept from this
 * one over SSH: the {@link Machine} of that kind. It runs by itself; nothing here switches it on or off.
 */
import leave from '../../../assets/guest/computer-leave.sh?raw';
import settle from '../../../assets/guest/computer-settle.sh?raw';
import type { OtherComputer } from '../../contract.ts';
import type { Clock, HostComputer, Log, Net, Run } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import type { Guest, Machine } from '../distro/machine.ts';
import { fenceUnit, homeUnit, tools } from '../distro/names.ts';
import { setClock } from '../distro/set-clock.ts';
import { guestProblem, mustSucceed, putFiles } from '../distro/system.ts';
import type { EngineState } from '../sandbox.ts';
import { longestSocketPath, type NoAnswer } from '../ssh/arguments.ts';
import { createGuest } from '../ssh/guest.ts';
import { inboundFiles } from './inbound.ts';
import { keyLine } from './let-in.ts';
import { type ComputerFacts, factsFrom, lookQuestion, stateFrom } from './look.ts';
import { agentId, connectionTo, inboundUnit, type Places, placesIn, sharedThere } from './names.ts';
import { type ComputerRecord, forget, readRecord, writeRecord } from './record.ts';

const timeoutMs = 60_000;
/** It may have to fetch what is missing first. */
const settleTimeout = 900_000;
/** An answer to a greeting. */
const answerPatience = 20_000;
/** An old computer takes minutes to begin anew (ms). */
const restartPatience = 600_000;
const everyLook = 5_000;
const bootId = '/proc/sys/kernel/random/boot_id';
/** Who is refused or gets no answer is kept out (ms). */
const outsidePatience = 1_500;

export interface DeviceOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  readonly net: Pick<Net, 'connect'>;
  readonly computer: Pick<HostComputer, 'portHolder' | 'isPortFree'>;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
  /** Node's word for this computer's processor: images are fetched for it. */
  readonly arch: string;
  /** Which computer the person has named. */
  readonly named: () => OtherComputer | null;
}

/** The same computer, wherever it is by now. */
export const isSameComputer = (one: OtherComputer, other: OtherComputer): boolean =>
  one.host === other.host && one.port === other.port;

const settleFile = `${tools}/computer-settle.sh`;

/** What is said of a computer that can't be spoken to. */
export function computerProblem(noAnswer: NoAnswer, host: string): ProblemError {
  switch (noAnswer) {
    case 'host-key-changed':
      return new ProblemError('computer-other-key', { host }, ['check-now']);
    case 'key-refused':
      return new ProblemError('computer-shut', { host }, ['try-again']);
    case 'silent':
      return new ProblemError('computer-unreachable', { host }, ['try-again']);
  }
}

/** What may be asked of the computer, whether or not a home is there. */
export async function askFacts(guest: Guest, signal: AbortSignal): Promise<ComputerFacts> {
  const answer = await mustSucceed(guest.run(lookQuestion, { timeoutMs, maxBytes: 64 * 1024, signal }));
  const facts = factsFrom(answer.untrustedOut);
  if (facts) return facts;
  throw new ProblemError('engine-failed', { detail: 'no answer that makes sense' }, ['try-again']);
}

/** The way in, by our key. */
export function createWayIn(options: Pick<DeviceOptions, 'run' | 'clock' | 'named'>, places: Places) {
  const { run, clock, named } = options;
  const host = () => named()?.host ?? '';
  const problem = (noAnswer: NoAnswer) => () => computerProblem(noAnswer, host());
  return createGuest({
    run,
    clock,
    connection: async () => {
      const computer = named();
      if (computer === null) throw new ProblemError('computer-not-named', {}, []);
      return connectionTo(places, computer, (await readRecord(places.record))?.port ?? null);
    },
    patience: answerPatience,
    problems: {
      'host-key-changed': problem('host-key-changed'),
      'key-refused': problem('key-refused'),
      silent: problem('silent'),
    },
  });
}

export function createDeviceMachine(options: DeviceOptions): Machine {
  const { run, clock, net, computer, arch, named } = options;
  const places = placesIn(options.dataFolder);
  const guest = createWayIn(options, places);

  const ourRecord = async (): Promise<{ record: ComputerRecord; there: OtherComputer }> => {
    const [record, there] = [await readRecord(places.record), named()];
    if (record === null || there === null) throw new ProblemError('home-not-there', {}, ['check-now']);
    return { record, there };
  };
  const change = async (changes: Partial<ComputerRecord>) => {
    const { record } = await ourRecord();
    await writeRecord(places.record, { ...record, ...changes });
  };

  const probe = async (signal: AbortSignal): Promise<EngineState> => {
    const greeted = await run({ file: 'ssh', args: ['-V'], timeoutMs, signal });
    if (greeted.is === 'not-found') return { is: 'absent' };
    if (Buffer.byteLength(places.socket) > longestSocketPath)
      return { is: 'broken', detail: 'the path of ClawCove’s own folder is too long' };
    const there = named();
    if (there === null) return { is: 'not-prepared', lacks: 'name' };
    const record = await readRecord(places.record);
    if (record === null || !isSameComputer(record.computer, there))
      return { is: 'not-prepared', lacks: 'key' };
    switch (await guest.knock(signal)) {
      case 'silent':
        return { is: 'unreachable', host: there.host };
      case 'host-key-changed':
        return { is: 'other-key', host: there.host };
      case 'key-refused':
        return { is: 'not-prepared', lacks: 'way-in' };
      case null:
        if (!record.isDedicated) return { is: 'not-prepared', lacks: 'word' };
        return stateFrom(await askFacts(guest, signal), arch, record.port !== null);
    }
  };

  /** It answers, and is the one that it was. */
  const mustAnswer = async (signal: AbortSignal) => {
    const { there } = await ourRecord();
    const noAnswer = await guest.knock(signal);
    if (noAnswer !== null) throw computerProblem(noAnswer, there.host);
  };

  /** Whether its gateway's port leads there; a way that was lost (another network, a sleep) comes about again. */
  const hasWay = async (signal: AbortSignal): Promise<boolean> => {
    if (!(await guest.isKept())) await guest.run(['true'], { timeoutMs, signal });
    return guest.isKept();
  };

  /** Whoever else has the port here keeps it. */
  const mustHavePort = async (port: number, signal: AbortSignal) => {
    if ((await readRecord(places.record))?.port === port && (await guest.isKept())) return;
    if (await computer.isPortFree(port)) return;
    const holder = await computer.portHolder(port, signal);
    throw new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
  };

  /** Shuts the door there, and opens it again should we have shut ourselves out. */
  const settleThere = async (there: OtherComputer, signal: AbortSignal) => {
    const files = [{ path: settleFile, text: settle, mode: '755' }, ...inboundFiles(there)];
    // In two calls: what it fetches may take longer than laying files does.
    await putFiles(guest, files, signal, ['systemctl', 'daemon-reload']);
    const words = ['/bin/sh', settleFile, String(agentId), sharedThere];
    const done = await guest.run(words, { timeoutMs: settleTimeout, signal });
    if (done.exitCode !== 0) throw guestProblem(done);
    const noAnswer = await guest.knock(signal);
    if (noAnswer === null) return;
    await guest.run(['nft', 'delete', 'table', 'inet', 'clawcove_inbound'], { timeoutMs, signal });
    await guest.run(['systemctl', 'disable', inboundUnit], { timeoutMs, signal });
    throw new ProblemError('computer-door-stuck', { host: there.host }, ['try-again', 'open-log']);
  };

  return {
    engine: 'SSH',
    guest,
    sharedInside: sharedThere,
    agentId,
    shares: 'nothing',
    // Nothing but its network lies between the two: this computer's addresses there are the ones it has.
    computer: [],
    probe,
    unstick: probe,
    async state(signal) {
      const record = await readRecord(places.record);
      if (record === null || record.port === null || named() === null) return { is: 'missing' };
      await mustAnswer(signal);
      // Not so while somebody else has the port here: whoever starts it says who.
      return (await hasWay(signal)) ? { is: 'running', startedAt: null } : { is: 'stopped' };
    },
    async create({ port }, { signal, log }) {
      const { there, record } = await ourRecord();
      await mustHavePort(port, signal);
      log(`preparing ${there.host}`);
      await settleThere(there, signal);
      if (record.port === port) return;
      // Another way here needs another connection.
      await guest.hangUp();
      await change({ port });
    },
    async start({ signal }) {
      await mustAnswer(signal);
      if (await hasWay(signal)) return;
      throw new ProblemError('engine-failed', { detail: 'no way to its gateway' }, ['try-again', 'open-log']);
    },
    async restart(signal) {
      // Its own word for which start of its this is, so that its last breath isn't taken for the next.
      const which = async () => (await guest.run(['cat', bootId], { timeoutMs, signal })).untrustedOut;
      const before = await which();
      await guest.run(['systemctl', 'reboot', '--no-block'], { timeoutMs, signal });
      await guest.hangUp();
      for (let waited = 0; waited < restartPatience; waited += everyLook) {
        await clock.sleep(everyLook, signal);
        if ((await guest.knock(signal)) === null && (await which().catch(() => before)) !== before) return;
      }
      await mustAnswer(signal);
      throw new ProblemError('engine-too-slow', { command: 'reboot' }, ['try-again', 'open-log']);
    },
    // It is nobody's to switch off; what leads there goes.
    async stop() {
      if (named() !== null) await guest.hangUp();
    },
    async mend({ signal }) {
      await mustAnswer(signal);
      return { is: 'as-it-was' };
    },
    setClock: (signal) => setClock(guest, clock, signal),
    async see(signal) {
      const { record, there } = await ourRecord();
      const { port } = record;
      if (port === null) return { hostUid: null, ports: [], sharedFolders: [], confinement: [] };
      const open = await net.connect(there.host, port, { timeoutMs: outsidePatience, signal });
      const ways = ['127.0.0.1', ...(open === 'open' ? [there.host] : [])];
      return {
        hostUid: null,
        ports: ways.map((address) => ({ address, port, insidePort: port })),
        sharedFolders: [],
        confinement: [],
      };
    },
    folderFromOutside: async () => null,
    untrustedLog: async () => '',
    async setAutostart(on, signal) {
      if ((await readRecord(places.record))?.port == null) return;
      // One that isn't ours any more is not spoken to.
      if (!on && (await guest.knock(signal)) === 'host-key-changed') return;
      const units = [fenceUnit, homeUnit];
      // Before there is a home there is nothing to start.
      await guest.run(['systemctl', on ? 'enable' : 'disable', '--quiet', ...units], { timeoutMs, signal });
    },
    async hasAutostart(signal) {
      if ((await readRecord(places.record))?.port == null) return false;
      const asked = await guest.run(['systemctl', 'is-enabled', '--quiet', homeUnit], { timeoutMs, signal });
      return asked.exitCode === 0;
    },
    async destroy({ signal, log }) {
      const record = await readRecord(places.record);
      if (record === null || named() === null) return forget(places.folder);
      const noAnswer = await guest.knock(signal);
      if (noAnswer === 'silent') throw computerProblem(noAnswer, record.computer.host);
      // One that isn't ours any more is not spoken to, and one that doesn't let us in can't be.
      if (noAnswer === null) {
        const publicKey = (await readBounded(`${places.clientKey}.pub`)) ?? '';
        const words = ['/bin/sh', '-c', leave, 'leave', keyLine(publicKey)];
        await mustSucceed(guest.run(words, { timeoutMs: 300_000, signal }));
        log(`left ${record.computer.host}`);
      }
      await guest.hangUp();
      await forget(places.folder);
    },
  };
}
