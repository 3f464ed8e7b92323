import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../contract.ts';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { askNpm, isHeeded, isHeldBack, type NpmWord, npmWordFrom, worthAsking } from './npm-word.ts';

const now = Date.UTC(2026, 10, 22);
const day = 24 * 3_600_000;
const open = () => new AbortController().signal;
const tags = { latest: '2026.9.6', 'extended-stable': '2026.7.35', beta: '2026.10.1-beta.1' };
const ceilings = { stable: '2026.9.6', 'extended-stable': '2026.7.35', beta: '2026.10.1-beta.1' };
const asked = ['2026.9.6', '2026.9.5'];
const said = (value: unknown) => npmWordFrom(JSON.stringify(value), asked, now);
const word = (change: Partial<NpmWord['ceilings']> = {}, takenBack: string[] = []): NpmWord => ({
  ceilings: { ...ceilings, ...change },
  takenBack,
  at: now,
});

describe('npm’s answer', () => {
  it('is an object about one version, a list about several', () => {
    expect(said({ 'dist-tags': tags, version: '2026.9.6' })).toEqual(word({}, ['2026.9.5']));
    const both = asked.map((version) => ({ 'dist-tags': tags, version }));
    expect(said(both)).toEqual(word());
  });

  it.each([
    ['deprecated with words', 'broken, use 2026.9.5', true],
    ['deprecated without words', true, true],
    ['deprecated with \u001b[31mcolours\u001b[0m\u0007', '\u001b[31mno\u001b[0m', true],
    ['no more deprecated', '', false],
    ['no more deprecated, in another way', false, false],
    ['not deprecated', undefined, false],
  ])('says which version is taken back: %s', (_, deprecated, isTakenBack) => {
    const entries = [
      { 'dist-tags': tags, version: '2026.9.6', deprecated },
      { 'dist-tags': tags, version: '2026.9.5' },
    ];
    expect(said(entries)?.takenBack).toEqual(isTakenBack ? ['2026.9.6'] : []);
  });

  it.each([
    ['nothing', ''],
    ['what is no JSON', 'npm error'],
    ['colours', '\u001b[2J{}'],
    ['half of it', '{"dist-tags": {"latest": "2026.9.6"}, "ver'],
    ['another type', '"2026.9.6"'],
    ['an empty list', '[]'],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['its own error', '{ "error": { "code": "E404", "summary": "No match found for version 2026.9.6" } }'],
    ['a version that is none', '{"dist-tags": {"latest": "2026.9.6"}, "version": 5}'],
  ])('that is %s says nothing', (_, text) => {
    expect(npmWordFrom(text, asked, now)).toBeNull();
  });

  it.each([
    ['the placeholder', '0.0.1'],
    ['another channel’s', '2026.7.35'],
    ['a range', '<2026.9.6'],
    ['colours', '\u001b[31m2026.9.6'],
    ['another type', ['2026.9.6']],
    ['nothing', undefined],
    ['too long', `2026.9.6${' '.repeat(100_000)}`],
  ])('sets no ceiling with %s', (_, latest) => {
    const entry = { 'dist-tags': { ...tags, latest }, version: '2026.9.6' };
    expect(said(entry)?.ceilings).toEqual({ ...ceilings, stable: null });
  });

  it('knows no tags where they are something else, or called like what every object has', () => {
    const none = { stable: null, 'extended-stable': null, beta: null };
    for (const odd of ['latest', 5, null, [], {}])
      expect(said({ 'dist-tags': odd, version: '2026.9.6' })?.ceilings).toEqual(none);
    const text = '{"dist-tags": {"__proto__": {"latest": "2026.9.5"}}, "version": "2026.9.6"}';
    expect(npmWordFrom(text, asked, now)?.ceilings).toEqual(none);
    expect(JSON.stringify({})).toBe('{}');
  });

  it('whatever it is, is about nothing but what was asked, and makes no version of its own', () => {
    const entry = fc.record({
      'dist-tags': fc.anything(),
      version: fc.anything(),
      deprecated: fc.anything(),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(entry).map((list) => JSON.stringify(list)),
        ),
        (text) => {
          const heard = npmWordFrom(text, asked, now);
          for (const version of heard?.takenBack ?? []) expect(asked).toContain(version);
          for (const ceiling of Object.values(heard?.ceilings ?? {}))
            if (ceiling !== null) expect(ceiling).toMatch(/^20[\d.]+(-beta\.\d+)?$/);
        },
      ),
    );
  });
});

describe('asking npm', () => {
  it('goes to the home as the agent, bounded in time and size, past the agent’s own settings', async () => {
    const { doors, machine } = openDoors(await movedInMachine());
    machine.npm = { tags, versions: { '2026.9.6': null, '2026.9.5': 'broken' } };
    const seen: unknown[] = [];
    const sandbox: typeof doors.sandbox = {
      ...doors.sandbox,
      exec(as, argv, options) {
        seen.push(as, argv.slice(0, 2), options.timeoutMs, options.maxBytes);
        expect(argv).toContain('--userconfig=/dev/null');
        expect(argv).toContain('--location=global');
        expect(argv.join(' ')).not.toMatch(/registry/);
        return doors.sandbox.exec(as, argv, options);
      },
    };
    expect(await askNpm(sandbox, asked, now, open())).toEqual(word({}, ['2026.9.5']));
    expect(seen).toEqual(['agent', ['npm', 'view'], 25_000, 64 * 1024]);
  });

  it('is answered with nothing where it failed, was cut off or there is nothing to ask about', async () => {
    const { doors, machine, calls } = openDoors(await movedInMachine());
    expect(await askNpm(doors.sandbox, asked, now, open())).toBeNull();
    machine.npm = { tags, versions: { '2026.9.6': null } };
    const cut: typeof doors.sandbox = {
      ...doors.sandbox,
      exec: async (...call) => ({ ...(await doors.sandbox.exec(...call)), truncated: true }),
    };
    expect(await askNpm(cut, asked, now, open())).toBeNull();
    const before = calls.length;
    expect(await askNpm(doors.sandbox, [], now, open())).toBeNull();
    expect(calls).toHaveLength(before);
  });

  it('is about the ten newest versions of each channel', () => {
    const all = Array.from({ length: 30 }, (_, number) => `2026.9.${number}`);
    const about = worthAsking([...all, '2026.7.35', '2026.10.1-beta.1', 'latest', '0.0.1', '$(reboot)']);
    expect(about).toHaveLength(12);
    expect(about).toEqual(
      expect.arrayContaining(['2026.9.29', '2026.9.20', '2026.7.35', '2026.10.1-beta.1']),
    );
  });
});

describe('what npm says', () => {
  it.each<[Channel, string, boolean]>([
    ['stable', '2026.9.6', false],
    ['stable', '2026.9.7', true],
    ['stable', '2026.9.5', false],
    ['extended-stable', '2026.7.35', false],
    ['extended-stable', '2026.7.36', true],
    ['beta', '2026.10.1-beta.1', false],
    ['beta', '2026.10.1-beta.2', true],
    ['beta', '2026.9.6', false],
    ['beta', '2026.9.7', false],
  ])('is where each channel ends: on %s it holds %s back: %s', (channel, version, isHeld) => {
    expect(isHeldBack(word(), channel, version)).toBe(isHeld);
    expect(isHeldBack(word({}, [version]), channel, version)).toBe(true);
  });

  it('about betas counts where it is newer than what it says about stable ones', () => {
    const old = word({ beta: '2026.9.1-beta.3' });
    expect(isHeldBack(old, 'beta', '2026.9.6')).toBe(false);
    expect(isHeldBack(old, 'beta', '2026.9.7-beta.1')).toBe(true);
    expect(isHeldBack(word({ beta: null }), 'beta', '2026.10.1-beta.1')).toBe(true);
    expect(isHeldBack(word({ stable: null }), 'beta', '2026.10.1-beta.2')).toBe(false);
  });

  it('sets no end where it is silent, or stops at known holes', () => {
    for (const stable of [null, '2026.3.1'])
      expect(isHeldBack(word({ stable }), 'stable', '2026.9.7')).toBe(false);
  });

  it('counts for three days, and never for a home with known holes', () => {
    expect(isHeeded(word(), '2026.9.5', now + 3 * day - 1)).toBe(true);
    expect(isHeeded(word(), '2026.9.5', now + 3 * day)).toBe(false);
    expect(isHeeded(word(), '2026.9.5', now - 3 * day)).toBe(false);
    expect(isHeeded(word(), '2026.3.1', now)).toBe(false);
    expect(isHeeded(word(), 'dev', now)).toBe(false);
    expect(isHeeded(word(), null, now)).toBe(true);
  });
});
