/** The safety report on paper: a page of our own that nobody sees, printed. */
import { BrowserWindow } from 'electron';
import { channels } from '../bridge/channels.ts';
import type { Say } from '../text.ts';
import { reportPage } from './protocol.ts';
import { holdPage, shutSession, webPreferences } from './security.ts';

/** How long the page may take to be there (ms). */
const patience = 20_000;

/** Inches: A4 with room for a hole punch. */
const margins = { top: 0.6, bottom: 0.75, left: 0.7, right: 0.7 };

const footer = (words: string): string => `
  <div style="width: 100%; margin: 0 0.7in; display: flex; justify-content: space-between;
      font: 8px sans-serif; color: #5a6d72">
    <span>${words}</span>
    <span><span class="pageNumber"></span> / <span class="totalPages"></span></span>
  </div>`;

/** When the page says that it shows what it has to show. */
function drawn({ webContents }: BrowserWindow): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the report took too long to draw')), patience);
    webContents.ipc.once(channels.drawn, () => {
      clearTimeout(timer);
      resolve();
    });
    webContents.once('render-process-gone', (_event, { reason }) => {
      clearTimeout(timer);
      reject(new Error(`the report's page is gone: ${reason}`));
    });
  });
}

/** @returns the report on what is so now, as a PDF that screen readers can read */
export async function printReport(options: {
  readonly preload: string;
  readonly isPackaged: boolean;
  readonly say: Say;
}): Promise<Buffer> {
  const { preload, isPackaged, say } = options;
  const window = new BrowserWindow({ show: false, webPreferences: webPreferences(preload, isPackaged) });
  try {
    shutSession(window.webContents.session, isPackaged);
    holdPage(window.webContents);
    await Promise.all([drawn(window), window.loadURL(reportPage)]);
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer(say('report.footer')),
      margins,
    });
  } finally {
    window.destroy();
  }
}
