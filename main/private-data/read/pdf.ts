/** Text of PDF files. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Unreadable } from './budget.ts';

/** A file that is attached to a document; its name is untrusted. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PdfRead {
  readonly attached: readonly Attachment[];
  /** Whether every character could be told. */
  readonly isWhole: boolean;
}

/** The library wants these classes when it is loaded, to draw with. Here nothing is drawn. */
const drawing = { DOMMatrix: class {}, ImageData: class {}, Path2D: class {} };

async function load() {
  Object.assign(globalThis, drawing);
  // Its other half, which it would look for beside itself else.
  Object.assign(globalThis, { pdfjsWorker: await import('pdfjs-dist/legacy/build/pdf.worker.mjs') });
  return import('pdfjs-dist/legacy/build/pdf.mjs');
}

/**
 * Reads the text of a PDF page by page, filled-in forms and notes included: nothing of it is drawn,
 * run or fetched.
 *
 * @param maps folder of the character maps (`*.bcmap`) that older Chinese, Japanese and Korean files need
 * @param say is given the text, and may throw to end the reading
 * @throws Unreadable when it is damaged or locked with a password
 */
export async function readPdf(bytes: Buffer, maps: string, say: (text: string) => void): Promise<PdfRead> {
  const { getDocument, VerbosityLevel } = await load();
  let isWhole = true;
  /** Fetches character maps alone: text needs no fonts. */
  class Maps {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      if (kind !== 'cMapUrl') throw new Error('not needed');
      try {
        // What a file says that its map is called is no path.
        return new Uint8Array(await readFile(join(maps, basename(filename))));
      } catch (error) {
        isWhole = false;
        throw error;
      }
    }
  }
  const opening = getDocument({
    // It is taken away from whoever gives it.
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    BinaryDataFactory: Maps,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    enableXfa: false,
  });
  try {
    const document = await opening.promise;
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) if ('str' in item) say(item.hasEOL ? `${item.str}\n` : item.str);
      for (const { fieldValue, contentsObj } of await page.getAnnotations())
        say(`\n${[fieldValue, contentsObj?.str].flat().filter(Boolean).join('\n')}\n`);
      page.cleanup();
    }
    const attached: Record<string, { filename: string; content: Uint8Array }> =
      (await document.getAttachments()) ?? {};
    return {
      isWhole,
      attached: Object.values(attached).map(({ filename, content }) => ({
        name: filename,
        bytes: Buffer.from(content),
      })),
    };
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable('a PDF that can’t be read', { cause: error });
  } finally {
    await opening.destroy();
  }
}
