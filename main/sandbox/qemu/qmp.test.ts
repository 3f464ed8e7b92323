/** Against a double that speaks as QEMU 7.2 was seen to, and then as it should not. */
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { QmpRefused, QmpSilent, qmp } from './qmp.ts';

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}\r\n';
let server: Server | undefined;
afterEach(() => server?.close());

/** @param say what it answers to each line, the greeting being line 0 */
async function open(say: (line: string) => string): Promise<string> {
  const path = join(await testFolder(), 'qmp.sock');
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(say(''));
    socket.on('data', (data) => {
      for (const line of data.toString().split('\n').filter(Boolean)) socket.write(say(line));
    });
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}
const options = { timeoutMs: 2_000, signal: new AbortController().signal };
const status = { execute: 'query-status' };

describe('a question to QEMU', () => {
  it('is answered, whatever else is told meanwhile', async () => {
    const path = await open((line) => {
      if (line === '') return greeting;
      if (line.includes('qmp_capabilities')) return '{"return": {}}\r\n';
      return '{"event": "RTC_CHANGE", "data": {"offset": 1}, "timestamp": {}}\r\n{"return": {"status": "running"}}\r\n';
    });
    expect(await qmp(path, status, options)).toEqual({ status: 'running' });
  });

  it('may be refused', async () => {
    const path = await open((line) => {
      if (line === '') return greeting;
      if (line.includes('qmp_capabilities')) return '{"return": {}}\r\n';
      return '{"error": {"class": "CommandNotFound", "desc": "The command x has not been found"}}\r\n';
    });
    await expect(qmp(path, { execute: 'x' }, options)).rejects.toBeInstanceOf(QmpRefused);
  });

  it.each([
    ['nonsense', () => 'hello\n'],
    ['too much', () => `${greeting}{"x":"${'y'.repeat(2_000_000)}`],
    ['nothing', () => ''],
  ])('gets no answer from who says %s', async (_, say) => {
    const path = await open(say);
    await expect(qmp(path, status, { ...options, timeoutMs: 500 })).rejects.toBeInstanceOf(QmpSilent);
  });

  it('gets no answer where nobody is', async () => {
    await expect(qmp('/no/such/socket', status, options)).rejects.toBeInstanceOf(QmpSilent);
  });
});
