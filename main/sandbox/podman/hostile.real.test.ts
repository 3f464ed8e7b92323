/**
 * A real home whose programs answer with whatever harms: too much, without an end, no text, no JSON, JSON that was
 * made to harm. Every call ends in time, costs no memory, and what comes of it is an answer or "could not look".
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../host/clock.ts';
import { network } from '../../host/network.ts';
import { askAgentWork } from '../../openclaw/agent-work.ts';
import { createSelfAudit } from '../../openclaw/audit.ts';
import { isReady, knock } from '../../openclaw/gateway.ts';
import { askNpm } from '../../openclaw/npm-word.ts';
import { readNotes } from '../../openclaw/release-notes.ts';
import { lookAtSkills } from '../../openclaw/skills.ts';
import { ProblemError } from '../../problem.ts';
import { inRunning, lookAtSettings } from '../../settings/seen.ts';
import { mixesCgroups } from '../observe/cgroups.ts';
import type { HomeSpec } from '../sandbox.ts';
import { idle, silentReport } from '../silent-report.ts';
import { createArguments } from './arguments.ts';
import { meansFrom, PodmanInfo } from './probe.ts';
import { homeName, openTestHome, type TestHome } from './test-home.ts';

const version = '2026.9.6';
const port = 18_998;
const MiB = 1024 ** 2;
/** All calls together may hold this much more memory than before (bytes), garbage too: less than one flood is long. */
const mostGrowth = 96 * MiB;

/**
 * What stands in for the home's programs: it says what it was told to, to whatever question. Run by a Node that was
 * put aside. Also the gateway: it answers every request with the same.
 */
const liar = String.raw`
const how = require('node:fs').readFileSync('/tmp/how', 'utf8').trim();
const big = Buffer.alloc(1024 * 1024, 'x');
const hash = 'a'.repeat(64);
const nasty = '\u001b]0;owned\u0007\u001b[2J\u009b31m<script>alert(1)</script>\u202egpj.exe\u0000\r\nnext';
const deep = '['.repeat(100000) + ']'.repeat(100000);
const says = {
  lines: () => flood(Buffer.from(('y'.repeat(79) + '\n').repeat(13107))),
  'one-line': () => flood(big),
  bytes: () => write(Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80, 0xc0, 0x80, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x00, 0x9b])),
  names: () => write(JSON.stringify({
    items: [{ kind: 'skill', name: nasty, path: '/x/' + nasty, keys: [nasty], hash, isOn: true }],
    isCut: false, changesItself: false, reloads: true, leaves: [[['plugins', nasty], hash]],
    findings: [{ checkId: nasty, severity: 'critical', title: nasty }], serverVersion: nasty, safe: nasty,
  })),
  deep: () => write(deep),
  'deep-inside': () => write('{"items":' + deep + ',"leaves":' + deep + ',"findings":' + deep + '}'),
  wide: () => write('{"items":[' + '{},'.repeat(300000) + '{}]}'),
  proto: () => write('{"__proto__":{"items":[],"leaves":[],"findings":[]},"constructor":1,"isCut":1e999,"a":1,"a":2}'),
  nothing: () => {},
};
const write = (data) => out.write(data);
function flood(piece) {
  let left = 100;
  const more = () => { while (left-- > 0) if (!out.write(piece)) return out.once('drain', more); out.end?.(); };
  more();
}
let out = process.stdout;
process.stdout.on('error', () => process.exit(0));
if (process.argv[2] === 'serve')
  require('node:http').createServer((ask, answer) => {
    const now = require('node:fs').readFileSync('/tmp/how', 'utf8').trim();
    out = answer; answer.on('error', () => {});
    answer.writeHead(200, { 'x-long': 'z'.repeat(8000) });
    says[now](); if (now !== 'lines' && now !== 'one-line') answer.end();
  }).listen(${port}, '0.0.0.0');
else if (how === 'endless') setInterval(() => { for (let each = 0; each < 8; each++) process.stdout.write(big) }, 1);
else says[how]();
`;
const ways = [
  'lines',
  'one-line',
  'bytes',
  'names',
  'deep',
  'deep-inside',
  'wide',
  'proto',
  'nothing',
] as const;

/** The most memory that this process held while something ran, beyond what it held before (bytes). */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 10);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  return most - before;
}

/** What somebody says who was not done in time: an answer as well, and never one that all is well. */
const tooSlow = { is: 'too-slow' } as const;
const inTime = <T>(call: Promise<T>): Promise<T | typeof tooSlow> =>
  call.catch((error) => {
    if (error instanceof ProblemError && error.problem.code === 'engine-too-slow') return tooSlow;
    throw error;
  });

describe('a home that was taken over', () => {
  let home: TestHome;
  let globals: string[];

  const podman = async (...args: string[]) => {
    const { code, stderr } = await home.podman(...globals, ...args);
    if (code !== 0) throw new Error(`podman ${args[0]}: ${stderr}`);
  };
  const told = (how: string) => podman('exec', homeName, '/opt/sh', '-c', `printf %s ${how} > /tmp/how`);

  beforeAll(async () => {
    home = await openTestHome();
    const dataFolder = join(home.folder, 'clawcove');
    globals = [...((await mixesCgroups()) ? ['--runtime=runc'] : []), `--hooks-dir=${dataFolder}/hooks`];
    await mkdir(join(home.folder, 'shared'));
    const { reference } = await home.sandbox.fetchImage(version, silentReport());
    const spec: HomeSpec = {
      image: reference,
      version,
      port,
      sharedFolder: join(home.folder, 'shared'),
      memoryBytes: 1024 * MiB,
      cpus: 1,
      pids: 256,
      command: ['sleep', '3600'],
      environment: {},
      secrets: [],
      certificates: null,
      fence: { allowed: [], refused: [] },
    };
    await home.sandbox.create(spec, silentReport());
    const info = await home.podman(...globals, 'info', '--format=json');
    const seccomp = { file: join(dataFolder, 'system-calls.json'), contents: '' };
    const means = meansFrom(PodmanInfo.parse(JSON.parse(info.stdout)));
    await podman('rm', '--force', '--time=0', homeName);
    // Its programs can be written to: whoever broke in that far could do this.
    const [create = '', ...words] = createArguments(homeName, spec, { means, seccomp, secretIds: [] });
    await podman(create, ...words.filter((word) => !word.startsWith('--read-only')));
    await podman('start', homeName);
    const script = [
      'mkdir -p /opt && cp "$(command -v sh)" /opt/sh && cp "$(command -v node)" /opt/node',
      'cat > /opt/liar.js',
      'printf "#!/opt/sh\\nexec /opt/node /opt/liar.js\\n" > /opt/liar && chmod 755 /opt/liar',
      'for each in node openclaw npm head find sha256sum; do cp --remove-destination /opt/liar "$(command -v $each)"; done',
    ].join(' && ');
    const root = ['exec', '--interactive', '--user=0:0', homeName, 'sh', '-c', script];
    const made = await home.run({
      file: 'sh',
      args: ['-c', 'cat | exec podman "$@"', 'sh', ...globals, ...root],
      input: liar,
      timeoutMs: 60_000,
      signal: idle(),
    });
    if (made.is !== 'exited' || made.code !== 0) throw new Error(JSON.stringify(made));
    await told('nothing');
    await podman('exec', '--detach', homeName, '/opt/node', '/opt/liar.js', 'serve');
    // What only the first call loads is none of its cost.
    await home.sandbox.exec('agent', ['node'], { timeoutMs: 30_000, signal: idle() });
  });
  afterAll(async () => {
    await home?.close();
  });

  it.each(ways)('harms nobody who asks it, whatever it says: %s', async (how) => {
    await told(how);
    const { sandbox } = home;
    const answers: Record<string, unknown> = {};
    const growth = await growthDuring(async () => {
      answers.raw = await sandbox.exec('agent', ['node'], { timeoutMs: 60_000, signal: idle() });
      answers.skills = await inTime(lookAtSkills(sandbox, idle()));
      answers.settings = await inTime(
        lookAtSettings(inRunning(sandbox), sandbox.inside, 'salt', 'whole', idle()),
      );
      answers.audit = await inTime(createSelfAudit({ sandbox, clock: systemClock }).ask(1, idle()));
      answers.npm = await inTime(askNpm(sandbox, [version], 0, idle()));
      answers.notes = await inTime(readNotes(sandbox, version, idle()));
      answers.work = await inTime(askAgentWork(sandbox, idle()));
      answers.log = await inTime(sandbox.untrustedLog(60, idle()));
      answers.knock = await knock(network, port, 'token', idle());
      answers.ready = await isReady(network, port, idle());
    });
    expect(growth).toBeLessThan(mostGrowth);
    const { untrustedOut, untrustedErr, truncated } = answers.raw as { [key: string]: string | boolean };
    expect(String(untrustedOut).length).toBeLessThanOrEqual(MiB);
    expect(String(untrustedErr).length).toBeLessThanOrEqual(MiB);
    expect(truncated).toBe(how === 'lines' || how === 'one-line');
    const isFlood = how === 'lines' || how === 'one-line';
    const late = Object.keys(answers).filter((name) => answers[name] === tooSlow);
    if (!isFlood) expect(late).toEqual([]);
    const nothing = { notes: [], npm: null, work: 'unknown' };
    for (const [name, answer] of Object.entries(nothing))
      if (!late.includes(name)) expect([name, answers[name]]).toEqual([name, answer]);
    expect(answers.knock).toMatchObject({ is: 'strange' });
    expect(String(answers.log).length).toBeLessThan(MiB);
    // Only names have the right form: they come through as names, which no screen or terminal obeys.
    const isSeen = how === 'names';
    for (const name of ['skills', 'settings'])
      if (!late.includes(name))
        expect([name, (answers[name] as { is: string }).is]).toEqual([name, isSeen ? 'seen' : 'unreadable']);
    if (isSeen) expect(JSON.stringify(answers.skills)).toContain('<script>alert(1)</script>');
  });

  it('is not listened to for ever', async () => {
    await told('endless');
    const begun = Date.now();
    const growth = await growthDuring(() =>
      expect(
        home.sandbox.exec('agent', ['node'], { timeoutMs: 8_000, signal: idle() }),
      ).rejects.toMatchObject({ problem: { code: 'engine-too-slow' } }),
    );
    expect(Date.now() - begun).toBeLessThan(40_000);
    expect(growth).toBeLessThan(mostGrowth);
    // Nothing of it goes on inside.
    await told('nothing');
    expect((await home.podman(...globals, 'top', homeName, 'args')).stdout).not.toMatch(/liar\.js$/m);
  });
});
