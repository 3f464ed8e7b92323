import { expect } from '@playwright/test';
import type { Running } from '../fixtures.ts';

/**
 * Answers the system's own dialogs with a file or a folder, as the person would.
 *
 * Set again where V8 collects the inspector's promise before Playwright has its answer ("Resulting
 * promise was garbage collected"): what it sets stays the same.
 */
export const pick = ({ electron }: Pick<Running, 'electron'>, path: string): Promise<void> =>
  expect(() =>
    electron.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
    }, path),
  ).toPass({ timeout: 20_000 });
