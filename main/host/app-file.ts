import { createHash } from 'node:crypto';
import { chmod, copyFile, open, rename, rm } from 'node:fs/promises';
import { AppImageUpdater } from 'electron-updater/out/AppImageUpdater.js';
import { DownloadedUpdateHelper } from 'electron-updater/out/DownloadedUpdateHelper.js';
import { ProblemError } from '../problem.ts';
import { OwnHttp } from './own-http.ts';
import { providerFrom, type SignedSource } from './signed-provider.ts';

/** Reads a file whole, makes sure that the disk has it, and says its SHA-512 in base64. */
async function digestOnDisk(file: string): Promise<string> {
  const hash = createHash('sha512');
  const handle = await open(file);
  try {
    await handle.sync();
    for await (const piece of handle.createReadStream({ autoClose: false })) hash.update(piece);
  } finally {
    await handle.close();
  }
  return hash.digest('base64');
}

/**
 * Puts a copy of `from` in the place of `to`: old or new, never neither, whatever ends this.
 * What is there afterwards is what was read back from the disk.
 *
 * @param sha512 in base64
 * @throws ProblemError `app-download-damaged` when it is something else than what was verified
 */
export async function replaceFile(from: string, to: string, sha512: string): Promise<void> {
  // In the same folder, or it could not take the place in one move.
  const beside = `${to}.new`;
  try {
    await copyFile(from, beside);
    await chmod(beside, 0o755);
    if ((await digestOnDisk(beside)) !== sha512)
      throw new ProblemError('app-download-damaged', {}, ['try-again', 'open-log']);
    await rename(beside, to);
  } finally {
    await rm(beside, { force: true });
  }
}

/**
 * electron-updater's own updater for programs that are one file (AppImage), with our source, our
 * way to download and our way to replace the file: its own deletes the old one first, and gives
 * the new one another name, which what starts ClawCove at login doesn't know.
 */
export class AppFileUpdater extends AppImageUpdater {
  readonly httpExecutor: OwnHttp;
  private readonly file: string;

  /** @param options.folder where downloads lie */
  constructor(options: {
    readonly version: string;
    readonly file: string;
    readonly folder: string;
    readonly source: SignedSource;
    readonly log: (line: string) => void;
  }) {
    const { version, file, folder, source, log } = options;
    super(null, {
      version,
      name: 'ClawCove',
      isPackaged: true,
      userDataPath: folder,
      baseCachePath: folder,
      // What stands in a file beside the program is not asked, see feedIn.
      appUpdateConfigPath: '',
      whenReady: async () => {},
      relaunch() {},
      quit() {},
      onQuit() {},
    });
    this.file = file;
    this.httpExecutor = new OwnHttp();
    this.downloadedUpdateHelper = new DownloadedUpdateHelper(folder);
    this.logger = { info() {}, warn: log, error() {} };
    this.autoDownload = false;
    this.autoInstallOnAppQuit = false;
    // Pieces of the old file and the new one put together would be one more thing that reads what nobody signed.
    this.disableDifferentialDownload = true;
    this.setFeedURL({ provider: 'custom', updateProvider: providerFrom(source) });
  }

  /**
   * Puts what was downloaded in the place of the program's file.
   *
   * @throws ProblemError `app-download-damaged`; file system errors as they come
   */
  async putInPlace(): Promise<void> {
    const helper = this.downloadedUpdateHelper;
    const sha512 = helper?.downloadedFileInfo?.sha512;
    if (!helper?.file || sha512 === undefined) throw new Error('nothing was downloaded');
    // Whatever is wrong with what lies here, the next try begins with a new one.
    await replaceFile(helper.file, this.file, sha512).finally(() => helper.clear());
  }
}
