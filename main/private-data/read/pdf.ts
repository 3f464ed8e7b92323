/** Text of PDF files. */
import { Unreadable } from './budget.ts';

/** A file that is attached to a document; its name is untrusted. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Reads the text of a PDF page by page, filled-in forms and notes included: nothing of it is drawn,
 * run or fetched. Answers with what is attached.
 *
 * @param say is given the text, and may throw to end the reading
 * @throws Unreadable when it is damaged or locked with a password
 */
export async function readPdf(bytes: Buffer, say: (text: string) => void): Promise<Attachment[]> {
  // The library's other half, which it would look for beside itself else.
  const worker = await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
  Object.assign(globalThis, { pdfjsWorker: worker });
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const opening = getDocument({
    // It is taken away from whoever gives it.
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    stopAtErrors: false,
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
    return Object.values(attached).map(({ filename, content }) => ({
      name: filename,
      bytes: Buffer.from(content),
    }));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable('a PDF that can’t be read', { cause: error });
  } finally {
    await opening.destroy();
  }
}
