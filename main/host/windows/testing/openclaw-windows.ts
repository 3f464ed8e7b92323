/**
 * A Windows with an OpenClaw on it, as far as its programs are asked: strict, and built from the fixtures beside it, none of
 * which has been recorded. Files are real, in a folder. Only for tests.
 */
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, Outcome, Run } from '../../../doors.ts';
import { alive } from '../../host-openclaw/testing/mortal-files.ts';
import { exited, exitedWith } from '../../strict-run.ts';
import { endScript, processesScript, type Running } from '../gateways.ts';
import { powershellArguments, scriptText } from '../powershell.ts';
import { programsIn } from '../programs.ts';
import { openScript } from '../services.ts';

const task = readFileSync(
  join(import.meta.dirname, '..', 'fixtures', 'schtasks-gateway.constructed.zh-CN.utf16le.xml'),
).toString('utf16le');
const sid = 'S-1-5-21-1-2-3-1001';
export const programs = programsIn('C:\\Windows');

export interface FakeTask {
  isOn: boolean;
  /** Only an administrator changes it. */
  isElevated?: boolean;
  /** How it is triggered; at login where nothing is said. */
  triggers?: string;
}

type Process = Running['Processes'][number];

export class OpenClawWindows {
  readonly tasks = new Map<string, FakeTask>();
  readonly processes: Process[] = [];
  /** What was started, in order. */
  readonly begun: string[] = [];
  /** Distributions of WSL; null: there was never any. */
  distros: string[] | null = null;
  /** Whether a program without a window can be asked to end. */
  isPolite = false;
  /** Asked so often, each of its programs. */
  readonly calls: string[] = [];
  /** Programs that give another answer than they should, by the end of the line. */
  readonly instead = new Map<string, Outcome>();
  /** Ends, and comes again at once. */
  comesAgain = false;

  gateway(pid: number, folder: string, born = '2026-11-22T07:00:01.1234560Z'): void {
    this.processes.push({
      Id: pid,
      Parent: 1,
      Born: born,
      File: 'C:\\Program Files\\nodejs\\node.exe',
      Line: '"C:\\Program Files\\nodejs\\node.exe" C:\\npm\\node_modules\\openclaw\\dist\\index.js gateway --port 18789',
      Sid: sid,
      Session: 1,
      ParentLine: `C:\\Windows\\system32\\cmd.exe /c ""${folder}\\gateway.cmd" "`,
    });
  }

  readonly run: Run = async (command) => {
    const name = command.file.replace(/^C:\\Windows\\System32\\(?:.*\\)?(\w+)\.exe$/, '$1');
    if (name === command.file) throw new Error(`not one of Windows' own: ${command.file}`);
    const words = name === 'powershell' ? this.#scriptOf(command) : command.args.join(' ');
    const line = `${name} ${words}`;
    this.calls.push(line);
    for (const [end, outcome] of this.instead) if (line.startsWith(end)) return outcome;
    switch (name) {
      case 'schtasks':
        return this.#schtasks(command);
      case 'powershell':
        return this.#powershell(words, command);
      case 'taskkill':
        return this.#taskkill(command.args);
      case 'reg':
        return this.#reg(command.args);
      default:
        throw new Error(`unexpected command: ${line}`);
    }
  };

  #scriptOf({ args }: Command): string {
    const known = { processes: processesScript, end: endScript, open: openScript };
    const found = Object.entries(known).find(
      ([, script]) => JSON.stringify(args) === JSON.stringify(powershellArguments(scriptText(script))),
    );
    if (!found) throw new Error(`unexpected script: ${args.join(' ')}`);
    return found[0];
  }

  #schtasks({ args, encoding }: Command): Outcome | Promise<Outcome> {
    if (encoding !== 'latin1') throw new Error('its encoding is the console’s, whatever that is');
    const [verb, option, path = '', what] = args;
    if (args.join(' ') === '/Query /FO CSV /NH')
      return exitedWith(
        0,
        Buffer.from(
          ['Microsoft\\Windows\\Defrag\\ScheduledDefrag', ...this.tasks.keys()]
            .map((name) => `"\\${name}","N/A","就绪"\r\n`)
            .join(''),
          'utf16le',
        ),
      );
    const name = path.replace(/^\\/, '');
    const found = this.tasks.get(name);
    if (option !== '/TN' || !path.startsWith('\\')) throw new Error(`unexpected words: ${args.join(' ')}`);
    const isKnown = args.length === 4 ? /^\/(XML|DISABLE|ENABLE)$/.test(what ?? '') : verb === '/Run';
    if (!isKnown) throw new Error(`unexpected words: ${args.join(' ')}`);
    if (!found) return exited(1, '', '错误: 系统找不到指定的文件。\r\n');
    if (verb === '/Query' && what === '/XML') return exitedWith(0, Buffer.from(this.#xml(found), 'utf16le'));
    if (verb === '/Change') {
      if (found.isElevated) return exited(1, '', '错误: 拒绝访问。\r\n');
      return alive(async () => {
        found.isOn = what === '/ENABLE';
        return exited(0);
      });
    }
    if (verb !== '/Run') throw new Error(`unexpected words: ${args.join(' ')}`);
    if (!found.isOn) return exited(1);
    return alive(async () => {
      this.begun.push(name);
      return exited(0);
    });
  }

  #xml({ isOn, triggers }: FakeTask): string {
    const whole = task.replace('<Enabled>true', `<Enabled>${isOn}`);
    return triggers === undefined ? whole : whole.replace(/<Triggers>.*<\/Triggers>/s, triggers);
  }

  async #powershell(script: string, { environment }: Command): Promise<Outcome> {
    const data = environment?.CLAWCOVE_DATA ?? '';
    switch (script) {
      case 'processes':
        return exited(0, `${JSON.stringify([{ Sid: sid, Session: 1, Processes: this.processes }])}\r\n`);
      case 'end':
        return alive(async () => {
          const [id, born] = data.split(' ');
          const at = this.processes.findIndex(({ Id, Born }) => Id === Number(id) && Born === born);
          if (at >= 0 && !this.comesAgain) this.processes.splice(at, 1);
          return exited(0, '[1]\r\n');
        });
      default:
        await access(data);
        return alive(async () => {
          this.begun.push(data);
          return exited(0, '[1]\r\n');
        });
    }
  }

  #taskkill(args: readonly string[]): Outcome | Promise<Outcome> {
    const [, pid] = /^\/PID (\d+) \/T$/.exec(args.join(' ')) ?? [];
    if (pid === undefined) throw new Error(`unexpected words: ${args.join(' ')}`);
    if (!this.isPolite) return exited(128, '', '错误: 无法终止 PID 进程。\r\n');
    return alive(async () => {
      const at = this.processes.findIndex(({ Id }) => Id === Number(pid));
      if (at >= 0) this.processes.splice(at, 1);
      return exited(0);
    });
  }

  #reg(args: readonly string[]): Outcome {
    const key = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion';
    const full = key.replace('HKCU', 'HKEY_CURRENT_USER');
    switch (args.join(' ')) {
      case `query ${key}`:
        return exited(0, `\r\n${full}\\Explorer\r\n${this.distros === null ? '' : `${full}\\Lxss\r\n`}`);
      case `query ${key}\\Lxss /s`:
        return exited(
          0,
          (this.distros ?? [])
            .map((name, at) => `\r\n${full}\\Lxss\\{${at}}\r\n    DistributionName    REG_SZ    ${name}\r\n`)
            .join(''),
        );
      default:
        throw new Error(`unexpected words: ${args.join(' ')}`);
    }
  }
}
