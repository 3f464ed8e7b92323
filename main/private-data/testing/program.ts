/** The program of the threads as it lies in a checkout. */
import { join } from 'node:path';
import type { ScanProgram } from '../messages.ts';

const root = join(import.meta.dirname, '../../..');

export const scanProgram: ScanProgram = {
  entry: join(root, 'main/private-data/scan-worker.ts'),
  maps: join(root, 'node_modules/pdfjs-dist/cmaps'),
  hasProc: true,
};

/** The same, that some files do harm to. */
export const deadlyProgram: ScanProgram = {
  ...scanProgram,
  entry: join(root, 'main/private-data/testing/deadly-worker.ts'),
};
