import { readFileSync } from 'node:fs';

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cpuTimeOf, thisThread } from '../../host/linux/thread-time.ts';
import { pack, packedWords, tar, zip, zipOf } from '../testing/archives.ts';
import { docx, odp, ods, odt, pdf, pptx, xlsx } from '../testing/documents.ts';
import { scanProgram } from '../testing/program.ts';
import { chineseId, idLine, latinIdLine } from '../testing/secrets.ts';
import { type Limits, usualLimits } from './limits.ts';
import { lookInto } from './look-into.ts';
import { bufferSource } from './source.ts';

const thread = thisThread();
const { maps } = scanProgram;

const into = (name: string, bytes: Uint8Array | string, limits: Partial<Limits> = {}) =>
  lookInto(name, bufferSource(Buffer.from(bytes as string)), {
    limits: { ...usualLimits, ...limits },
    worked: () => cpuTimeOf(thread) ?? 0,
    maps,
  });

const clean = { kinds: [], within: null, isWhole: true };
const unreadable = { kinds: [], within: null, isWhole: false };
const inItself = { kinds: ['chinese-id'], within: null, isWhole: true };
const at = (within: string) => ({ ...inItself, within });

/** 身份证号码： in GB 18030, without which no test could write it. */
const gbLabel = Buffer.from('c9edb7ddd6a4bac5c2eba3ba', 'hex');
const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const harmless = 'It was a fine day, and nobody lost anything.\n'.repeat(300);
const boms = { little: Buffer.from('fffe', 'hex'), big: Buffer.from('feff', 'hex') };

describe('looking into texts', () => {
  it.each<[string, Uint8Array | string]>([
    ['UTF-8', idLine],
    ['UTF-8 with its mark', `\ufeff${idLine}`],
    ['UTF-16, the smaller half first, marked', Buffer.concat([boms.little, utf16(idLine, false)])],
    ['UTF-16, the larger half first, marked', Buffer.concat([boms.big, utf16(idLine, true)])],
    ['UTF-16, the smaller half first', utf16(idLine, false)],
    ['UTF-16, the larger half first', utf16(idLine, true)],
    ['GB 18030', Buffer.concat([gbLabel, Buffer.from(chineseId)])],
    ['Latin-1', Buffer.from(`Größe übel: ${latinIdLine}`, 'latin1')],
    [
      'damaged UTF-8',
      Buffer.concat([Buffer.from(idLine.repeat(3)), Buffer.from('ff', 'hex'), Buffer.from('号')]),
    ],
    [
      'ASCII for long, then GB 18030',
      Buffer.concat([Buffer.from(harmless.repeat(9)), gbLabel, Buffer.from(chineseId)]),
    ],
    ['a table', `name,ID card\nAda,${chineseId}\n`],
    [
      'a log with zeros in it',
      Buffer.concat([Buffer.from(harmless), Buffer.alloc(20), Buffer.from(latinIdLine)]),
    ],
    [
      'a line of 30 MB',
      Buffer.concat([Buffer.alloc(15e6, 'word '), Buffer.from(latinIdLine), Buffer.alloc(15e6, ' word')]),
    ],
  ])('finds it in %s', async (_, bytes) => {
    expect(await into('a.txt', bytes)).toEqual(inItself);
  });

  it.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['an ordinary text', harmless],
    ['a program', readFileSync(process.execPath).subarray(0, 3e6)],
    ['zeros', Buffer.alloc(1e6)],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')],
  ])('finds nothing in %s', async (_, bytes) => {
    expect(await into('a', bytes)).toEqual(clean);
  });

  it('says what it left out of one that is too long', async () => {
    const long = Buffer.concat([Buffer.from(`${idLine}\n`), Buffer.alloc(3e6, 'word ')]);
    expect(await into('a.txt', long, { bytes: 1e6 })).toEqual({ ...inItself, isWhole: false });
    expect(await into('a.txt', long, { patience: -1 })).toEqual(unreadable);
  });
});

const lines = ['Dear Ada,', idLine, 'Yours'];
const letter = docx(lines);

describe('looking into documents', () => {
  it.each([
    ['docx', letter],
    [
      'xlsx',
      xlsx([
        ['name', '身份证号码'],
        ['Ada', chineseId],
      ]),
    ],
    ['pptx', pptx(lines)],
    ['odt', odt(lines)],
    [
      'ods',
      ods([
        ['name', '身份证号码'],
        ['Ada', chineseId],
      ]),
    ],
    ['odp', odp(lines)],
    ['pdf', pdf(['Dear Ada,', latinIdLine])],
    ['pdf', pdf(['A form'], { field: chineseId })],
    ['pdf', pdf(['Old'], { chinese: Buffer.concat([gbLabel, Buffer.from(chineseId)]) })],
  ])('finds it in a %s', async (end, bytes) => {
    expect(await into(`a.${end}`, bytes)).toEqual(inItself);
  });

  it.each([
    ['docx', docx(['Dear Ada,'])],
    [
      'xlsx',
      xlsx([
        ['name', chineseId.slice(0, 9)],
        [Number(chineseId.slice(9)), 'Ada'],
      ]),
    ],
    ['odt', odt(['Dear Ada,'])],
    ['pdf', pdf(['Dear Ada,'])],
  ])('finds nothing in an ordinary %s', async (end, bytes) => {
    expect(await into(`a.${end}`, bytes)).toEqual(clean);
  });

  it('puts a sheet’s rows together again, numbers and all', async () => {
    const rows = [
      ['card number', 'valid thru'],
      [4_539_578_763_621_494, '12/29'],
    ];
    expect(await into('a.xlsx', xlsx(rows))).toMatchObject({ kinds: ['bank-card'] });
  });

  it('looks into what is embedded', async () => {
    const embedded = docx(['See below'], { 'word/embeddings/a.xlsx': xlsx([['ID', idLine]]) });
    expect(await into('a.docx', embedded)).toEqual(at('word/embeddings/a.xlsx'));
  });

  it.each([
    ['a PDF with a password', pdf([latinIdLine], { isLocked: true })],
    ['half a PDF', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 'x')])],
    ['half a document', letter.subarray(0, 300)],
    ['an old document', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4_000)])],
    [
      'a document of damaged XML',
      zip({ '[Content_Types].xml': '<a/>', 'word/document.xml': '<w:p><w:t>1</w:p>' }),
    ],
    [
      'a document that would grow without end',
      zip({
        '[Content_Types].xml': '<a/>',
        'word/document.xml': `<!DOCTYPE a [<!ENTITY a "${'ha'.repeat(99)}">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n} "&a${n - 1};&a${n - 1};">`).join('')}]><w:p><w:t>&a29;</w:t></w:p>`,
      }),
    ],
  ])('doesn’t take %s for clean', async (_, bytes) => {
    expect(await into('a', bytes)).toEqual(unreadable);
  });

  it('says so when there is no map for a PDF’s characters', async () => {
    const old = bufferSource(pdf(['Old'], { chinese: Buffer.from(chineseId) }));
    const options = { limits: usualLimits, worked: () => 0, maps: '/nowhere' };
    expect(await lookInto('a.pdf', old, options)).toEqual(unreadable);
  });

  it('finds what stands in an old one as it is', async () => {
    const old = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(4_088),
      utf16(`\n${idLine}\n`, false),
      Buffer.alloc(4_000),
    ]);
    expect(await into('a.doc', old)).toEqual({ ...inItself, isWhole: false });
  });
});

describe('looking into archives', () => {
  const note = { 'letters/ada.txt': idLine };
  const inside = (depth: number): Buffer =>
    depth === 0 ? Buffer.from(idLine) : zip({ [depth === 1 ? 'a.txt' : 'in.zip']: inside(depth - 1) });

  it.each<[string, Uint8Array, string]>([
    ['a zip', zip(note), 'letters/ada.txt'],
    ['a zip in a zip in a zip', inside(3), 'in.zip/in.zip/a.txt'],
    ['a document in a zip', zip({ 'ada.docx': letter }), 'ada.docx'],
    ['a PDF in a zip', zip({ 'ada.pdf': pdf([latinIdLine]) }), 'ada.pdf'],
    ['a tar', tar(note), 'letters/ada.txt'],
    ['a compressed tar', gzipSync(tar({ 'a.png': Buffer.alloc(99_999, 1), ...note })), 'letters/ada.txt'],
    ['a tar with long names', tar({ [`${'long/'.repeat(30)}a`]: idLine }), `${'long/'.repeat(30)}a`],
    ['a zip in a tar', tar({ 'x.zip': zip(note) }), 'x.zip/letters/ada.txt'],
    [
      'a zip that a Chinese Windows made',
      zipOf([{ ...pack('', idLine), path: Buffer.from('c9edb7dd2e747874', 'hex'), flags: 0 }]),
      '身份.txt',
    ],
    ['a zip with names that lead out of it', zip({ '../../etc/passwd': idLine }), '../../etc/passwd'],
  ])('finds it in %s', async (_, bytes, within) => {
    expect(await into('a', bytes)).toEqual(at(within));
  });

  it('finds it in a compressed text', async () => {
    expect(await into('a.txt.gz', gzipSync(idLine))).toEqual(inItself);
  });

  it.each<[string, Uint8Array]>([
    ['a fourth archive inside others', inside(4)],
    ['a locked zip', zipOf([{ ...pack('a.txt', 'secret'), flags: 1 }])],
    ['a zip packed in a way of its own', zipOf([{ ...pack('a.txt', 'secret'), method: 14 }])],
    ['half a zip', zip({ ...note, b: harmless }).subarray(0, 200)],
    ['a zip that says its files are shorter', zipOf([{ ...pack('a.txt', harmless), bytes: 5 }])],
    ['a zip that says its files are longer', zipOf([{ ...pack('a.txt', harmless), bytes: 5e6 }])],
    ['a damaged compressed file', gzipSync(harmless).subarray(0, 60)],
    ['half a tar', tar({ a: harmless }).subarray(0, 1_500)],
    ['a RAR archive', Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1')],
    ['a 7z archive', Buffer.from('7z\xbc\xaf\x27\x1c\x00\x04', 'latin1')],
  ])('doesn’t take %s for clean', async (_, bytes) => {
    expect(await into('a', bytes)).toEqual(unreadable);
  });

  it('looks at the others when one is damaged', async () => {
    const mixed = zipOf([{ ...pack('a.txt', harmless), bytes: 5 }, pack('b.txt', idLine)]);
    expect(await into('a.zip', mixed)).toEqual({ ...at('b.txt'), isWhole: false });
  });

  it('ends at a bomb: when it has unpacked enough, or worked long enough', async () => {
    const bomb = zipOf([packedWords(1024, 'words and ')]);
    expect(await into('a.zip', bomb, { bytes: 16 * 1024 ** 2 })).toEqual(unreadable);
    const wrapped = zip({ 'one.zip': bomb, 'two.zip': zip({ 'x.zip': bomb }) });
    const began = cpuTimeOf(thread) ?? 0;
    expect(await into('b.zip', wrapped, { patience: 2_000 })).toEqual(unreadable);
    expect((cpuTimeOf(thread) ?? 0) - began).toBeLessThan(4_000);
  });

  it('looks at the first of 100,000 files', async () => {
    const one = pack('', '');
    const many = Array.from({ length: 99_999 }, (_, number) => ({ ...one, path: `${number}.txt` }));
    const archive = zipOf([pack('first.txt', idLine), ...many]);
    expect(await into('a.zip', archive)).toEqual({ ...at('first.txt'), isWhole: false });
  });
});
