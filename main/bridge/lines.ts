import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is no message of ours. */
const maxLine = 1024 * 1024;

/** Calls back with each line of a connection as JSON; whatever isn't JSON ends the connection. */
export function onMessage(socket: Socket, hear: (untrusted: unknown) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLine) socket.destroy();
    for (const line of lines) {
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        socket.destroy();
        return;
      }
      hear(message);
    }
  });
}

export function send(socket: Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}
