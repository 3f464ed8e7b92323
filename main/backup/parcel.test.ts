import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headFor, headIn, Label, labelOf } from './parcel.ts';

const label: Label = {
  at: Date.UTC(2026, 10, 22, 12),
  version: '2026.9.6',
  bytes: 17_000_000,
  sha256: 'a'.repeat(64),
  model: { provider: 'deepseek' },
};
const image = `example.org/openclaw@sha256:${'b'.repeat(64)}`;
const read = (text: string) => headIn(Buffer.from(text));

describe('the head of a file that carries a backup', () => {
  it('says what the archive behind it is', () => {
    const head = headFor(label);
    expect(read(`${head}the archive\nof any bytes`)).toEqual({ is: 'read', label, bytes: head.length });
    expect(head.split('\n')[0]).toBe('ClawCove backup 1');
  });

  it('names no image, and doesn’t say that anything was proven', () => {
    const note = { ...label, why: 'person' as const, image, verifiedAt: 7 };
    expect(labelOf(note)).toEqual(label);
    expect(read(`ClawCove backup 1\n${JSON.stringify({ ...label, image })}\n`)).toEqual({ is: 'damaged' });
    expect(read(`ClawCove backup 1\n${JSON.stringify({ ...label, verifiedAt: 7 })}\n`)).toEqual({
      is: 'damaged',
    });
  });

  it.each([
    ['none', ''],
    ['none', '\n'],
    ['none', 'PK\u0003\u0004 something else'],
    ['none', 'ClawCove backup'],
    ['none', 'ClawCove backup 1'],
    ['none', 'ClawCove backup of my cat\n'],
    ['newer', 'ClawCove backup 2\n{}\n'],
    ['damaged', 'ClawCove backup 1\n'],
    ['damaged', `ClawCove backup 1\n${'x'.repeat(8000)}`],
    ['damaged', 'ClawCove backup 1\nnull\n'],
  ])('is %s in %j', (is, text) => {
    expect(read(text)).toEqual({ is });
  });

  it.each([
    { version: 'latest' },
    { version: '0.0.1' },
    { version: '--help' },
    { version: '2026.9.6@sha256:0' },
    { bytes: 0 },
    { bytes: -1 },
    { bytes: 1.5 },
    { bytes: 2 ** 41 },
    { at: -1 },
    { at: 1e300 },
    { sha256: '../../etc/passwd' },
    { model: { provider: 'custom', baseUrl: 'file:///etc/passwd', modelId: 'x' } },
    { model: { provider: 'nobody' } },
    { model: undefined },
  ])('is damaged with %j', (change) => {
    expect(Label.safeParse({ ...label, ...change }).success).toBe(false);
    expect(read(`ClawCove backup 1\n${JSON.stringify({ ...label, ...change })}\n`)).toEqual({
      is: 'damaged',
    });
  });

  it('is never anything but an answer, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void headIn(Buffer.from(bytes))));
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void read(`ClawCove backup 1\n${text}`)));
  });
});
