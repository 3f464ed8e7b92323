/** Builds documents for tests, as small as their readers let them be. Sources: ECMA-376, ISO/IEC 26300, ISO 32000. */
import { deflateSync } from 'node:zlib';
import { type Files, zip } from './archives.ts';

const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A text as word processors write it after some editing: in runs of five characters, formatted apart. */
const inRuns = (text: string, run: (piece: string) => string) =>
  (text.match(/.{1,5}/gsu) ?? []).map((piece) => run(escaped(piece))).join('');

const office = (files: Files) =>
  zip({
    '[Content_Types].xml': xml(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    '_rels/.rels': xml(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    ),
    ...files,
  });

/** @param more other files in it, such as what is embedded */
export const docx = (paragraphs: readonly string[], more: Files = {}): Buffer =>
  office({
    'word/document.xml': xml(
      `<w:document xmlns:w="w"><w:body>${paragraphs
        .map(
          (text) =>
            `<w:p>${inRuns(text, (piece) => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${piece}</w:t></w:r>`)}</w:p>`,
        )
        .join('')}</w:body></w:document>`,
    ),
    ...more,
  });

/** A sheet of rows of cells: texts shared, numbers in themselves. */
export function xlsx(rows: readonly (readonly (string | number)[])[]): Buffer {
  const shared = rows.flat().filter((cell) => typeof cell === 'string');
  const cellOf = (cell: string | number) =>
    typeof cell === 'string'
      ? `<c t="s"><v>${shared.indexOf(cell)}</v></c>`
      : `<c><f>SUM(A1)</f><v>${cell}</v></c>`;
  return office({
    'xl/worksheets/sheet1.xml': xml(
      `<worksheet xmlns="x"><sheetData>${rows.map((row) => `<row>${row.map(cellOf).join('')}</row>`).join('')}</sheetData></worksheet>`,
    ),
    'xl/sharedStrings.xml': xml(
      `<sst xmlns="x">${shared.map((text) => `<si>${inRuns(text, (piece) => `<r><rPr><b/></rPr><t>${piece}</t></r>`)}</si>`).join('')}</sst>`,
    ),
  });
}

export const pptx = (lines: readonly string[]): Buffer =>
  office({
    'ppt/slides/slide1.xml': xml(
      `<p:sld xmlns:p="p" xmlns:a="a"><p:txBody>${lines
        .map(
          (text) => `<a:p>${inRuns(text, (piece) => `<a:r><a:rPr b="1"/><a:t>${piece}</a:t></a:r>`)}</a:p>`,
        )
        .join('')}</p:txBody></p:sld>`,
    ),
  });

const openDocument = (kind: string, body: string) =>
  zip({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': xml(
      `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body>${body}</office:body></office:document-content>`,
    ),
  });
const spans = (text: string) =>
  `<text:p>${inRuns(text, (piece) => `<text:span>${piece}</text:span>`)}</text:p>`;

export const odt = (paragraphs: readonly string[]): Buffer =>
  openDocument('text', `<office:text>${paragraphs.map(spans).join('')}</office:text>`);

export const ods = (rows: readonly (readonly string[])[]): Buffer =>
  openDocument(
    'spreadsheet',
    `<office:spreadsheet><table:table>${rows
      .map(
        (row) =>
          `<table:table-row>${row.map((cell) => `<table:table-cell>${spans(cell)}</table:table-cell>`).join('')}</table:table-row>`,
      )
      .join('')}</table:table></office:spreadsheet>`,
  );

export const odp = (lines: readonly string[]): Buffer =>
  openDocument('presentation', `<office:presentation>${lines.map(spans).join('')}</office:presentation>`);

export interface PdfOptions {
  /** Text of a form's field that somebody filled in. */
  readonly field?: string;
  /** A line in GB 18030, as programs for Windows wrote it that left the font and its map to the reader. */
  readonly chinese?: Buffer;
  /** Names a password, which nobody knows. */
  readonly isLocked?: boolean;
}

/** A page for each line, in Latin letters. */
export function pdf(lines: readonly string[], { field, chinese, isLocked = false }: PdfOptions = {}): Buffer {
  const more = chinese ? `/F2 12 Tf 0 -20 Td <${chinese.toString('hex')}> Tj` : '';
  const texts = lines.map((line) => deflateSync(`BT /F1 12 Tf 72 700 Td (${line}) Tj ${more} ET`));
  const pageAt = (page: number) => 4 + 2 * page;
  const fieldAt = 4 + 2 * lines.length;
  const lockAt = fieldAt + 1;
  const chineseAt = fieldAt + 2;
  const objects: (string | Buffer)[] = [
    `<< /Type /Catalog /Pages 2 0 R ${field ? `/AcroForm << /Fields [${fieldAt} 0 R] >>` : ''} >>`,
    `<< /Type /Pages /Count ${lines.length} /Kids [${lines.map((_, page) => `${pageAt(page)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...texts.flatMap((text, page) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R /F2 ${chineseAt} 0 R >> >> /Contents ${pageAt(page) + 1} 0 R ${field ? `/Annots [${fieldAt} 0 R]` : ''} >>`,
      Buffer.concat([
        Buffer.from(`<< /Filter /FlateDecode /Length ${text.length} >>\nstream\n`),
        text,
        Buffer.from('\nendstream'),
      ]),
    ]),
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (id) /Rect [0 0 100 20] /V (${field ?? ''}) >>`,
    `<< /Filter /Standard /V 1 /R 2 /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> /P -4 >>`,
    `<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H /DescendantFonts [${chineseAt + 1} 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor ${chineseAt + 2} 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>`,
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>',
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const starts: number[] = [];
  for (const [index, object] of objects.entries()) {
    starts.push(Buffer.concat(parts).length);
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object as string), Buffer.from('\nendobj\n'));
  }
  const table = Buffer.concat(parts).length;
  const id = '43'.repeat(16);
  const lock = isLocked ? `/Encrypt ${lockAt} 0 R /ID [<${id}> <${id}>]` : '';
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${starts.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${lock} >>\nstartxref\n${table}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
