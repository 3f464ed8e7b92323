import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkedProcess } from '../sandbox/sandbox.ts';
import type { Watch } from './attempts.ts';
import { judge, type Trace } from './judge.ts';

const mark = 'a'.repeat(32);
const bait = 'b'.repeat(32);
const agent: MarkedProcess = { uid: 1000, effectiveCapabilities: 0n };
const hex = (words: string) => Buffer.from(words).toString('hex');

const says = (...lines: string[]): Trace => ({
  untrustedOut: lines.map((line) => `${mark} ${line}\n`).join(''),
  processes: null,
  untrustedHeard: null,
});
const verdict = (trace: Trace, watch: Watch = 'nothing') => judge(mark, bait, watch, trace);

describe('what became of an attempt', () => {
  it.each([
    [1, 'refused'],
    [13, 'refused'],
    [30, 'read-only'],
    [38, 'not-known'],
    [2, 'not-there'],
    [3, 'not-there'],
    [11, 'limit'],
    [12, 'limit'],
    [111, 'unreachable'],
    [113, 'unreachable'],
  ] as const)('was stopped with the number %i: %s', (errno, by) => {
    expect(verdict(says(`stopped ${errno}`))).toEqual({ is: 'stopped', by, witness: 'inside' });
  });

  it('got through when the inside says so', () => {
    expect(verdict(says('through'))).toEqual({ is: 'got-through', witness: 'inside' });
  });

  it('could not be tried without a tool, a way in or an answer, and with one that means nothing', () => {
    expect(verdict(says('cannot'))).toEqual({ is: 'could-not-try', why: 'no-tool' });
    expect(verdict({ ...says(), untrustedOut: null })).toEqual({ is: 'could-not-try', why: 'no-way-in' });
    expect(verdict(says())).toEqual({ is: 'could-not-try', why: 'no-answer' });
    expect(verdict(says('stopped 22'))).toEqual({ is: 'could-not-try', why: 'no-answer' });
  });

  it('counts the worst that is said, whatever is said besides', () => {
    expect(verdict(says('stopped 1', 'cannot', 'through'))).toMatchObject({ is: 'got-through' });
    expect(verdict(says('cannot', 'stopped 1'))).toMatchObject({ is: 'stopped' });
  });

  it('goes by who was heard, not by what is said', () => {
    const heard = { ...says('stopped 113'), untrustedHeard: [`${mark}\n`] };
    expect(verdict(heard, 'listeners')).toEqual({ is: 'got-through', witness: 'outside' });
    const unheard = { ...says('through'), untrustedHeard: ['GET / HTTP/1.1', ''] };
    expect(verdict(unheard, 'listeners')).toEqual({ is: 'stopped', by: 'unreachable', witness: 'outside' });
  });

  it.each([
    ['root', 0, 0n],
    ['powerful', 1000, 1n],
  ] as const)('goes by what a process was seen as: %s', (_, uid, effectiveCapabilities) => {
    const trace = { ...says('stopped 1'), processes: [agent, { uid, effectiveCapabilities }] };
    expect(verdict(trace, 'processes')).toEqual({ is: 'got-through', witness: 'outside' });
    expect(verdict({ ...trace, untrustedOut: null }, 'processes')).toMatchObject({ is: 'got-through' });
  });

  it('says on whose word it was stopped: without eyes outside on the inside’s', () => {
    const trace = says('stopped 1');
    expect(verdict({ ...trace, processes: [agent] }, 'processes')).toMatchObject({ witness: 'outside' });
    expect(verdict({ ...trace, processes: [] }, 'processes')).toMatchObject({ witness: 'outside' });
    expect(verdict({ ...trace, processes: null }, 'processes')).toMatchObject({ witness: 'inside' });
  });

  it('is certain when the words of the bait come back, and only then', () => {
    const read = (words: string) => `read ${hex(words)}`;
    expect(verdict(says(read('else'), read(bait), 'stopped 2'))).toEqual({
      is: 'got-through',
      witness: 'outside',
    });
    expect(verdict(says(read(mark), read(bait.slice(1)), 'stopped 2'))).toMatchObject({ is: 'stopped' });
    expect(verdict({ ...says('stopped 2'), untrustedOut: `read ${hex(bait)}` })).toMatchObject({
      is: 'could-not-try',
    });
  });

  it('takes nothing for an answer that does not carry the mark', () => {
    const noise = [
      `${'c'.repeat(32)} through`,
      `${mark}through`,
      ` ${mark} through`,
      `${mark} through it all`,
      `${mark} stopped 1; through`,
      `${mark} stopped -1`,
      `\u001b[2J${mark} through`,
      `${mark} stopped 99999`,
    ];
    for (const line of noise)
      expect(verdict({ ...says(), untrustedOut: line })).toEqual({ is: 'could-not-try', why: 'no-answer' });
  });

  it('reads no more than it must of what never ends', () => {
    const endless = `${'x'.repeat(1_000_000)}\n`.repeat(100);
    const began = performance.now();
    expect(verdict({ ...says(), untrustedOut: endless + says('through').untrustedOut })).toMatchObject({
      is: 'could-not-try',
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('never calls anything stopped for what it can’t read', () => {
    const watch = fc.constantFrom<Watch>('processes', 'listeners', 'nothing');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), watch, (untrustedOut, watching) => {
        const { is } = verdict({ ...says(), untrustedOut }, watching);
        expect(is).toBe('could-not-try');
      }),
    );
  });
});
