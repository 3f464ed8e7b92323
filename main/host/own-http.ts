import {
  type ClientRequest,
  type IncomingMessage,
  request as overHttp,
  type RequestOptions,
} from 'node:http';
import { request as overHttps } from 'node:https';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';

/**
 * How electron-updater downloads a release: with Node instead of Chromium, which finds no address
 * here (faces/security.ts) and isn't even started for a command in a terminal. Follows nobody who
 * sends it elsewhere, and takes no more than was signed.
 */
export class OwnHttp extends ElectronHttpExecutor {
  /** The signed size of what is downloaded next (bytes); null: nothing may be. */
  mostBytes: number | null = null;
  /** Ends what is under way. */
  signal: AbortSignal | null = null;

  override createRequest(
    options: RequestOptions,
    callback: (response: IncomingMessage) => void,
  ): ReturnType<ElectronHttpExecutor['createRequest']> {
    const { mostBytes, signal } = this;
    const send = options.protocol === 'http:' ? overHttp : overHttps;
    // No connection is kept: a download is one request.
    const request = send({ ...options, agent: false, ...(signal && { signal }) }, (response) => {
      const wrong = whyNot(response, mostBytes ?? 0);
      if (wrong !== null) {
        response.destroy();
        request.emit('error', wrong);
        return;
      }
      let size = 0;
      response.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > (mostBytes ?? 0)) response.destroy(new TooLarge());
      });
      callback(response);
    });
    // What its callers use of a request, Node's has as well.
    return request as ClientRequest & ReturnType<ElectronHttpExecutor['createRequest']>;
  }

  /** Chromium tells of redirects; with Node electron-updater reads them from the answer, which is refused before. */
  protected override addRedirectHandlers(): void {}
}

/** More bytes came than were signed. */
class TooLarge extends Error {
  readonly code = 'ERR_TOO_LARGE';
}

/** The source answered with something else than a file. */
class NoFile extends Error {
  readonly code = 'ERR_NO_FILE';
}

function whyNot({ statusCode, headers }: IncomingMessage, mostBytes: number): Error | null {
  if (statusCode !== 200) return new NoFile(`the source answered ${statusCode}`);
  // electron-updater goes where this says whatever the status is.
  if (headers.location !== undefined) return new NoFile('the source answered with another address');
  return Number(headers['content-length'] ?? 0) > mostBytes ? new TooLarge() : null;
}
