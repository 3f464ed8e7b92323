/**
 * A Mac with an OpenClaw on it, as far as its programs are asked: strict, and built from the fixtures beside it, none of
 * which has been recorded. Files are real, in a folder. Only for tests.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Outcome, Run } from '../../../doors.ts';
import type { Kill } from '../../host-openclaw/signals.ts';
import { alive } from '../../host-openclaw/testing/mortal-files.ts';
import { exited } from '../../strict-run.ts';

export const uid = 501;

export interface FakeProcess {
  readonly pid: number;
  uid: number;
  program: string;
  line: string;
  birth: string;
  paths: readonly string[];
  /** Whether it ends when it is asked to. */
  isPolite: boolean;
}

const gui = `gui/${uid}`;

export class OpenClawMac {
  /** What launchd has loaded, and which process it has started for it. */
  readonly loaded = new Map<string, number | null>();
  readonly disabled = new Set<string>();
  readonly processes: FakeProcess[] = [];
  /** What was started, in order. */
  readonly begun: string[] = [];
  readonly calls: string[] = [];
  /** Words that were sent to processes. */
  readonly sent: string[] = [];
  /** Programs that give another answer than they should, by the beginning of the line. */
  readonly instead = new Map<string, Outcome>();
  /** What a program in Apple's own form of a property list says, by the name of its file. */
  readonly binary = new Map<string, string>();
  /** How often launchd still tells of an agent that it is ending. */
  lingers = 0;

  add(process: Partial<FakeProcess> & { readonly pid: number }): void {
    this.processes.push({
      uid,
      program: 'node',
      line: 'openclaw-gateway',
      birth: 'So 22 Nov 08:00:01 2026',
      paths: [],
      isPolite: true,
      ...process,
    });
  }

  app(pid: number, isPolite = true): void {
    const line = '/Applications/OpenClaw.app/Contents/MacOS/OpenClaw';
    this.add({ pid, program: 'OpenClaw', line, isPolite });
  }

  #ending = '';
  /** How often it doesn't load anything yet. */
  refusesToLoad = 0;

  #unload(label: string): void {
    const pid = this.loaded.get(label);
    this.loaded.delete(label);
    if (pid != null) this.#end(pid);
  }

  #end(pid: number): void {
    const at = this.processes.findIndex((each) => each.pid === pid);
    if (at >= 0) this.processes.splice(at, 1);
  }

  readonly kill: Kill = (pid, word) => {
    const found = this.processes.find((each) => each.pid === pid);
    if (!found || found.uid !== uid) throw new Error('ESRCH');
    this.sent.push(`${word} ${pid}`);
    if (word === 'SIGKILL' || found.isPolite) this.#end(pid);
  };

  readonly run: Run = async ({ file, args }) => {
    const line = [file, ...args].join(' ');
    this.calls.push(line);
    for (const [beginning, outcome] of this.instead) if (line.startsWith(beginning)) return outcome;
    switch (file) {
      case '/bin/launchctl':
        return this.#launchctl(args);
      case '/bin/ps':
        return this.#ps(args.join(' '));
      case '/usr/sbin/lsof':
        return this.#lsof(args.join(' '));
      case '/usr/bin/plutil': {
        const [, path] = /^-convert xml1 -o - (.+)$/.exec(args.join(' ')) ?? [];
        const text = this.binary.get(basename(path ?? ''));
        if (text === undefined) throw new Error(`unexpected words: ${line}`);
        return exited(0, text);
      }
      case '/usr/bin/open': {
        const [, label = ''] = /^-g -b ([\w.]+)$/.exec(args.join(' ')) ?? [];
        if (label === '') throw new Error(`unexpected words: ${line}`);
        return alive(async () => {
          this.begun.push(label);
          this.app(9_000);
          return exited(0);
        });
      }
      default:
        throw new Error(`unexpected command: ${line}`);
    }
  };

  async #launchctl(args: readonly string[]): Promise<Outcome> {
    const [verb, target = '', path = ''] = args;
    const label = target.startsWith(`${gui}/`) ? target.slice(gui.length + 1) : '';
    const line = args.join(' ');
    if (line === 'list')
      return exited(
        0,
        [
          'PID\tStatus\tLabel',
          '613\t0\tcom.apple.Finder',
          ...[...this.loaded].map(([name, pid]) => `${pid ?? '-'}\t0\t${name}`),
        ]
          .map((row) => `${row}\n`)
          .join(''),
      );
    if (line === `print-disabled ${gui}`)
      return exited(
        0,
        `\n\tdisabled services = {\n${[...this.disabled].map((name) => `\t\t"${name}" => disabled\n`).join('')}\t}\n`,
      );
    if (verb === 'bootstrap' && target === gui && args.length === 3) {
      const name = basename(path, '.plist');
      await readFile(path);
      if (this.refusesToLoad-- > 0) return exited(5, '', 'Bootstrap failed: 5: Input/output error\n');
      if (this.loaded.has(name))
        return exited(37, '', 'Bootstrap failed: 37: Operation already in progress\n');
      return alive(async () => {
        this.loaded.set(name, null);
        return exited(0);
      });
    }
    if (label === '' || args.length !== 2) throw new Error(`unexpected words: launchctl ${line}`);
    switch (verb) {
      case 'print':
        if (label === this.#ending && this.lingers-- === 0) this.#unload(label);
        if (this.loaded.has(label)) return exited(0, `${gui}/${label} = {\n\tstate = running\n}\n`);
        return exited(113, '', `Could not find service "${label}" in domain for user gui: ${uid}\n`);
      case 'bootout':
        if (!this.loaded.has(label)) return exited(3, '', 'Boot-out failed: 3: No such process\n');
        return alive(async () => {
          if (this.lingers > 0) {
            this.#ending = label;
            return exited(36, '', 'Boot-out failed: 36: Operation now in progress\n');
          }
          this.#unload(label);
          return exited(0);
        });
      case 'kickstart':
        if (!this.loaded.has(label)) return exited(113);
        return alive(async () => {
          this.begun.push(label);
          return exited(0);
        });
      default:
        throw new Error(`unexpected words: launchctl ${line}`);
    }
  }

  #ps(words: string): Outcome {
    if (words === '-axww -o pid=,uid=,ucomm=,command=') {
      const rows = this.processes.map(
        (each) =>
          `${String(each.pid).padStart(5)} ${String(each.uid).padStart(5)} ${each.program.padEnd(16)} ${each.line}\n`,
      );
      return exited(0, ['    1     0 launchd          /sbin/launchd\n', ...rows].join(''));
    }
    const [, pid] = /^-o lstart= -p (\d+)$/.exec(words) ?? [];
    if (pid === undefined) throw new Error(`unexpected words: ps ${words}`);
    const found = this.processes.find((each) => each.pid === Number(pid));
    return found ? exited(0, `${found.birth}    \n`) : exited(1);
  }

  #lsof(words: string): Outcome {
    const [, pid] = /^-nP -a -p (\d+) -Fn$/.exec(words) ?? [];
    if (pid === undefined) throw new Error(`unexpected words: lsof ${words}`);
    const found = this.processes.find((each) => each.pid === Number(pid));
    if (!found) return exited(1);
    return exited(
      1,
      [`p${pid}`, 'fcwd', 'n/', ...found.paths.flatMap((path, at) => [`f${at}`, `n${path}`]), ''].join('\n'),
    );
  }
}
