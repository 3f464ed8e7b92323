/**
 * A home, an engine and files that say whatever harms. Nothing of it may have a power of its own where it is shown:
 * in the Snapshot, the window's text, the tray, notices, the terminal, the log, the report.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookJson, lookText, problemText } from './cli/output.ts';
import { createTerminal } from './cli/terminal.ts';
import { Snapshot } from './contract.ts';
import { noticesFor, toldNothing } from './faces/notices.ts';
import { trayView } from './faces/tray-view.ts';
import { createLog } from './host/log.ts';
import { testFolder } from './host/test-folder.ts';
import { notesFrom } from './openclaw/release-notes.ts';
import { skillWalk } from './openclaw/skill-walk.ts';
import { skillsFrom } from './openclaw/skills.ts';
import { plainFacts } from './plain-text.ts';
import { ProblemError } from './problem.ts';
import { reportJson } from './report/report.ts';
import { rowSays } from './row-words.ts';
import type { ExecResult } from './sandbox/sandbox.ts';
import { settingsFrom } from './settings/seen.ts';
import { settingsWalk } from './settings/walk.ts';
import { movedInMachine, startApp } from './testing/apps.ts';
import type { Machine } from './testing/machine.ts';
import { translator } from './text.ts';

/** Nothing that is shown may hold any of these, save for the ends of lines. */
const power = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

/** What a name may try: terminals, readers, web pages, other lines, other names. */
const nasty: readonly string[] = [
  '\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\u001b[8mhidden',
  '\u009b31mred\u009d0;title\u009c',
  '<img src=x onerror=alert(1)><script>alert(1)</script>',
  'photo\u202egpj.exe\u2066\u2069',
  'one\r\ntwo\u2028three\u0085four',
  'nul\u0000in\u0008the\u007fmiddle',
  '\ud83d half \udc00 of \ud800',
  '{{count}} $t(home.title) {{- reason}}',
  '__proto__',
  `${'A'.repeat(150_000)}`,
];
const all = nasty.map((each) => each.slice(0, 190)).join(' ');
const done: ExecResult = { exitCode: 0, untrustedOut: '', untrustedErr: '', truncated: false };
const says = (untrustedOut: string): ExecResult => ({ ...done, untrustedOut });

/** What a home that was taken over prints to each of the questions that ClawCove asks. */
function liesTo(argv: string): ExecResult | Error {
  const hash = 'a'.repeat(64);
  if (argv.includes(skillWalk))
    return says(
      JSON.stringify({
        items: nasty.map((name, index) => ({
          kind: 'skill',
          name: name.slice(0, 200),
          path: `/x/${index}/${name}`.slice(0, 1000),
          keys: [name.slice(0, 300)],
          hash,
          isOn: true,
        })),
        isCut: false,
        changesItself: true,
        reloads: true,
      }),
    );
  if (argv.includes(settingsWalk))
    return says(
      JSON.stringify({ leaves: nasty.map((name) => [['plugins', name.slice(0, 400)], hash]), isCut: false }),
    );
  if (argv.startsWith('sh')) return says(`${nasty.join('\n')}\n${hash}  -\n`);
  if (argv.includes('security audit'))
    return says(
      JSON.stringify({
        findings: nasty.flatMap((name) => [
          { checkId: name.slice(0, 200), severity: 'critical', title: name.slice(0, 10_000) },
          { checkId: 'fs.config.perms_world', severity: 'warn', title: name.slice(0, 10_000) },
        ]),
      }),
    );
  return new ProblemError('engine-failed', { detail: all });
}

/** A look at such a home, and everything that shows it. */
async function lookedAt(change: (machine: Machine) => void = () => {}) {
  const machine = await movedInMachine();
  change(machine);
  const test = startApp(machine);
  test.instead('sandbox.exec', (_call, _usual, [, argv]) => {
    const answer = liesTo((argv as string[]).join(' '));
    if (answer instanceof Error) throw answer;
    return answer;
  });
  await test.app.look();
  return test;
}

/** Everything that is shown of a Snapshot, in both languages. */
function shown(snapshot: Snapshot): Map<string, string> {
  const texts = new Map<string, string>();
  for (const language of ['en', 'zh-CN'] as const) {
    const say = translator(language);
    const put = (name: string, text: string) => texts.set(`${name} (${language})`, text);
    put('terminal', lookText(snapshot, say));
    put('terminal JSON', lookJson(snapshot, { ending: null, exit: 1 }));
    put('report', reportJson(snapshot, say));
    const { tooltip, items } = trayView(snapshot, say);
    put('tray', [tooltip, ...items.map((item) => (item === 'line' ? '' : item.label))].join('\n'));
    const before = { ...snapshot, light: 'good' as const };
    const { notices } = noticesFor(toldNothing, before, snapshot, { isWatched: false, now: 0, say });
    put('notices', notices.map(({ title, body }) => `${title}\n${body}`).join('\n'));
    put('rows', snapshot.rows.map((row) => rowSays(row, say)).join('\n'));
    for (const { id, finding } of snapshot.rows)
      for (const { code, facts } of finding?.evidence ?? [])
        put(`evidence of ${id} ${code}`, say(`evidence.${code}`, facts));
  }
  return texts;
}

describe('what comes out of a home that was taken over', () => {
  it('has no power where it is shown, and is bounded', async () => {
    const { app } = await lookedAt();
    const snapshot = app.state.get();
    // The lies have come as far as the rows.
    const found = Object.fromEntries(snapshot.rows.map(({ id, finding }) => [id, finding?.is]));
    expect(found).toMatchObject({
      'skills-trusted': 'broken',
      'settings-agreed': 'broken',
      'openclaw-audit': 'broken',
      'network-fenced': 'unknown',
    });
    expect(Snapshot.safeParse(snapshot).success).toBe(true);
    // "A few kB": what is hostile makes it no more than some dozen times that.
    expect(JSON.stringify(snapshot).length).toBeLessThan(100_000);
    for (const [name, text] of shown(snapshot)) {
      expect([name, power.exec(text)?.[0]]).toEqual([name, undefined]);
      expect(text.length, name).toBeLessThan(200_000);
    }
    for (const text of strings(snapshot)) expect(text).not.toMatch(power);
  });

  it('is words, not HTML and not a sentence of ours', async () => {
    const { app } = await lookedAt();
    const { rows } = app.state.get();
    const skills = rows.find(({ id }) => id === 'skills-trusted')?.finding?.evidence ?? [];
    const names = skills.map(({ facts }) => String(facts.name));
    expect(names).toContain('<img src=x onerror=alert(1)><script>alert(1)</script>');
    expect(names).toContain('{{count}} $t(home.title) {{- reason}}');
    const say = translator('en');
    expect(say('evidence.skill-on', plainFacts({ name: '{{count}} $t(home.title)', kind: 'x' }))).toContain(
      '{{count}} $t(home.title)',
    );
  });

  it('says nothing else in the terminal and in the log than what it is', async () => {
    const file = join(await testFolder(), 'clawcove.log');
    const log = createLog(file);
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) };
    const terminal = createTerminal({
      stdin: {},
      stdout: stream,
      stderr: stream,
    } as unknown as NodeJS.Process);
    for (const text of nasty) {
      const error = new ProblemError('engine-failed', { detail: text });
      terminal.print(problemText(error.problem, translator('en')));
      terminal.note(text);
      log.info(text);
      log.error(text, new Error(`${text}\n2026-11-22 00:00:00.000 info all is well`));
    }
    for (const text of written) expect(text).not.toMatch(power);
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const line of lines) expect(line).not.toMatch(power);
    for (const line of lines) expect(line.length).toBeLessThan(4_200);
    // No line of it passes for an entry of its own.
    const entries = lines.filter((line) => /^\d{4}-\d\d-\d\d \d\d:/.test(line));
    expect(entries).toHaveLength(2 * nasty.length);
  });

  it('costs the log no time', async () => {
    const pieces = ['a', 'A+', '+a1', 'sha256:', 'http://', 'token=', 'sk-', 'eyJ.', 'bearer ', '\u001b'];
    // A folder of its own: the log closes the one it lies in to everybody else.
    const log = createLog(join(await testFolder(), 'clawcove.log'));
    const begun = performance.now();
    for (const piece of pieces) log.info(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('is shown in the lines of work as what it is', async () => {
    const { app, instead, do: act } = startApp(await movedInMachine());
    instead('sandbox.exec', () => {
      throw new ProblemError('engine-failed', { detail: all });
    });
    instead('sandbox.start', () => {
      throw new Error(all);
    });
    await act({ do: 'stop' });
    await act({ do: 'start' });
    for (const text of strings(app.state.get())) expect(text).not.toMatch(power);
    expect(JSON.stringify(app.state.get()).length).toBeLessThan(100_000);
  });
});

/** Every string in a value. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value.replaceAll('\n', ' ')];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => [key, ...strings(each)]);
}

describe('JSON that was made to harm', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const deepObject = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const hash = 'a'.repeat(64);
  const bombs: readonly string[] = [
    deep,
    deepObject,
    `{"items":${deep}}`,
    `{"leaves":${deep},"isCut":false}`,
    `{"leaves":[],"isCut":false,"whole":{"a":${deepObject}}}`,
    `[${'0,'.repeat(500_000)}0]`,
    `{"items":[${'{},'.repeat(300_000)}{}]}`,
    '{"items":[],"items":{"__proto__":[]},"isCut":1e999,"changesItself":false,"reloads":true}',
    '{"__proto__":{"items":[],"isCut":false,"changesItself":false,"reloads":true}}',
    `{"leaves":[[["__proto__","x"],"${hash}"]],"isCut":false,"__proto__":{"whole":{}}}`,
    '{"leaves":1e999}',
    `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
  ];

  it.each(bombs.map((bomb) => [bomb.slice(0, 60), bomb] as const))(
    'is read as nothing, or as what it says: %s',
    (_, bomb) => {
      const begun = performance.now();
      expect(skillsFrom(bomb)).toEqual({ is: 'unreadable' });
      const settings = settingsFrom(bomb);
      if (settings.is === 'seen') expect(Object.getPrototypeOf(settings.leaves)).toBe(Object.prototype);
      expect(notesFrom(bomb, '2026.9.6')).toEqual([]);
      expect(performance.now() - begun).toBeLessThan(3_000);
      expect(Object.hasOwn(Object.prototype, 'whole')).toBe(false);
    },
  );
});
