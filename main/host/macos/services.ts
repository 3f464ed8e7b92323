/** What has a Mac start OpenClaw by itself. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log, Run } from '../../doors.ts';
import type { FoundService, Resting } from '../../moving-in/found.ts';
import { moveOnce } from '../host-openclaw/aside.ts';
import { asideName } from '../host-openclaw/names.ts';
import { ownText } from '../host-openclaw/own-text.ts';
import type { AlreadySeen, RunningGateway, Services } from '../host-openclaw/parts.ts';
import { type Kill, signalTo, type Word } from '../host-openclaw/signals.ts';
import { Unseen, unanswered, unreadable } from '../host-openclaw/unreadable.ts';
import { orNothing } from '../is-there.ts';
import { type AgentKind, type AgentWords, agentFrom, kindOf, labelsFrom } from './agent-names.ts';
import { macFiles } from './file-ways.ts';
import { createLaunchctl } from './launchctl.ts';
import { birthOf, processesOf } from './processes.ts';

const timeoutMs = 15_000;
/** Files of agents have some kilobytes. */
const mostText = 256 * 1024;
/** launchd gives an agent 20 s to end before it ends it. Source: launchd.plist(5), ExitTimeOut. */
const bootOutPatience = 30_000;
/** The app ends itself within 3 s. Source: openclaw, TerminationSignalWatcher.swift. */
const appPatience = 10_000;
const lookEvery = 500;

/** Where the app's program lies in it, wherever that is, by all its names. */
const appProgram = /\/(?:OpenClaw|Clawdbot|Moltbot)\.app\/Contents\/MacOS\/(?:OpenClaw|Clawdbot|Moltbot)$/;
/** The name under which macOS knows the app, which is that of its agent. Without an agent it is the one of today. */
const usualApp = 'ai.openclaw.mac';

export interface MacServicesOptions {
  readonly run: Run;
  readonly log: Log;
  readonly clock: Clock;
  readonly uid: number;
  readonly kill: Kill;
  /** The person's ~/Library/LaunchAgents. */
  readonly folder: string;
}

interface Agent {
  readonly label: string;
  readonly kind: AgentKind;
  /** Whether its file would start it at login. */
  readonly startsByItself: boolean;
}

/**
 * Agents lose their file, which is laid beside under a name that launchd doesn't read, and are unloaded. What launchd keeps
 * of them besides (whether the person has switched one off) is not touched, so that all is as it was once it is put back.
 */
export function createMacServices({ run, log, clock, uid, kill, folder }: MacServicesOptions): Services {
  const launchctl = createLaunchctl(run, uid);
  const fileOf = (label: string) => join(folder, `${label}.plist`);
  const asideOf = (label: string, mark: string) => asideName(fileOf(label), mark);

  async function wordsOf(label: string, signal: AbortSignal): Promise<AgentWords | null> {
    const file = fileOf(label);
    const text = await ownText(file, mostText).catch(unreadable(file, macFiles));
    if (text === null || !text.startsWith('bplist')) return text === null ? null : agentFrom(text);
    const args = ['-convert', 'xml1', '-o', '-', file];
    const answer = await run({ file: '/usr/bin/plutil', args, timeoutMs, signal });
    return answer.is === 'exited' && answer.code === 0 && !answer.truncated ? agentFrom(answer.stdout) : null;
  }

  /** What there is of this name, whatever launchd knows of it; null: nothing of its. */
  async function agentOf(label: string, hasFile: boolean, signal: AbortSignal): Promise<Agent | null> {
    const kind = kindOf(label);
    if (kind === null) return null;
    const words = hasFile ? await wordsOf(label, signal) : null;
    // What can't be understood may start it. Whether it is one of its at all must be known, though.
    const startsByItself = hasFile && (words?.startsByItself ?? true);
    if (kind !== 'perhaps-gateway') return { label, kind, startsByItself };
    if (hasFile && words === null) throw new Unseen({ is: 'unreadable', what: fileOf(label) });
    // Of one that has lost its file only the name tells: those of other things are known.
    return words === null || words.startsGateway ? { label, kind: 'gateway', startsByItself } : null;
  }

  /** This person's apps that run. */
  async function apps(signal: AbortSignal): Promise<Pick<RunningGateway, 'pid' | 'birth'>[]> {
    const all = await processesOf(run, signal);
    if (all === null) throw unanswered('ps');
    const found: Pick<RunningGateway, 'pid' | 'birth'>[] = [];
    for (const { pid } of all.filter((one) => one.uid === uid && appProgram.test(one.line))) {
      const birth = await birthOf(run, pid, signal);
      if (birth !== null) found.push({ pid, birth });
    }
    return found;
  }

  async function until(isSo: () => Promise<boolean>, ms: number, signal: AbortSignal): Promise<boolean> {
    const end = clock.monotonic() + ms;
    for (;;) {
      if (await isSo()) return true;
      if (clock.monotonic() > end) return false;
      await clock.sleep(lookEvery, signal);
    }
  }

  /** Politely first: it closes what it has open on SIGTERM. */
  async function quitApps(signal: AbortSignal): Promise<void> {
    const send = async (word: Word) =>
      signalTo(await apps(signal), word, (pid) => birthOf(run, pid, signal), kill);
    const areGone = async () => (await apps(signal)).length === 0;
    if (await areGone()) return;
    await send('SIGTERM');
    if (!(await until(areGone, appPatience, signal))) await send('SIGKILL');
  }

  async function unload(label: string, signal: AbortSignal): Promise<void> {
    if ((await launchctl.isLoaded(label, signal)) === false) return;
    await launchctl.bootOut(label, signal);
    const isGone = async () => (await launchctl.isLoaded(label, signal)) === false;
    // Then it is still seen, and told.
    if (!(await until(isGone, bootOutPatience, signal))) log.error(`launchd still has ${label}`);
  }

  const ours = (services: Resting['services']) =>
    services
      .filter(({ name }) => kindOf(name) !== null)
      .map((each) => ({ ...each, kind: kindOf(each.name) }));
  /** The app first: it would set up again what is taken from under it. */
  const appsFirst = (services: Resting['services']) => {
    const all = ours(services);
    return [...all.filter(({ kind }) => kind === 'app'), ...all.filter(({ kind }) => kind !== 'app')];
  };

  /** Whether a running app is one to be told of: with nothing of an OpenClaw on this Mac it only watches one elsewhere. */
  const hasSomething = ({ homes, gateways }: AlreadySeen, agents: readonly Agent[]) =>
    homes.length > 0 || gateways.length > 0 || agents.some(({ kind }) => kind === 'gateway');

  return {
    async look(signal, seen): Promise<FoundService[]> {
      const files = labelsFrom((await orNothing(readdir(folder)).catch(unreadable(folder, macFiles))) ?? []);
      const loaded = await launchctl.loaded(signal);
      if (loaded === null) throw unanswered('launchctl');
      const labels = [...new Set([...files, ...loaded])].sort();
      const agents: Agent[] = [];
      for (const label of labels) {
        const agent = await agentOf(label, files.includes(label), signal);
        if (agent !== null) agents.push(agent);
      }
      const isAppRunning = (await apps(signal)).length > 0;
      const isBareApp =
        isAppRunning && !agents.some(({ kind }) => kind === 'app') && hasSomething(seen, agents);
      const all: Agent[] = isBareApp
        ? [...agents, { label: usualApp, kind: 'app', startsByItself: false }]
        : agents.filter(({ label, kind }) => kind !== 'app' || files.includes(label) || isAppRunning);
      if (all.length === 0) return [];
      const isOff = await launchctl.disabled(signal);
      if (isOff === null) throw unanswered('launchctl');
      return all.map(({ label, kind, startsByItself }) => ({
        name: label,
        startsByItself: startsByItself && !isOff(label),
        isActive: kind === 'app' ? isAppRunning : loaded.has(label),
      }));
    },
    async stop(services, signal) {
      for (const { name, kind, wasActive } of appsFirst(services)) {
        if (!wasActive) continue;
        if (kind === 'app') await quitApps(signal);
        else await unload(name, signal);
      }
    },
    async start(services, signal) {
      for (const { name, kind, wasActive } of appsFirst(services).reverse()) {
        if (!wasActive) continue;
        if (kind !== 'app') {
          await until(() => launchctl.bootstrap(fileOf(name), signal), bootOutPatience, signal);
          await launchctl.kickstart(name, signal);
        }
        // In the background: nobody has asked for a window.
        else await run({ file: '/usr/bin/open', args: ['-g', '-b', name], timeoutMs, signal });
      }
    },
    async layAside(services, mark, signal) {
      for (const { name, kind, wasActive } of appsFirst(services)) {
        await moveOnce(fileOf(name), asideOf(name, mark), clock, signal);
        if (kind === 'app' && wasActive) await quitApps(signal);
        await unload(name, signal);
      }
    },
    async putBack(services, mark, signal) {
      for (const { name } of ours(services)) await moveOnce(asideOf(name, mark), fileOf(name), clock, signal);
    },
  };
}
