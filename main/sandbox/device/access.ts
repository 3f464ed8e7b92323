/** The way to another computer until a home can be made there: its key, our way in, and what it is used for. */
import { mkdir, writeFile } from 'node:fs/promises';
import type { OtherComputer } from '../../contract.ts';
import type { OtherComputerAccess } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { knownHost, passwordArguments } from '../ssh/arguments.ts';
import { makeKey } from '../ssh/keys.ts';
import { askFacts, createWayIn, type DeviceOptions, isSameComputer } from './device.ts';
import { hostKeyFrom } from './host-key.ts';
import { type LetIn, letInFrom, pastedLines, signInInput, signInLine } from './let-in.ts';
import { connectionTo, placesIn } from './names.ts';
import { forget, readRecord, writeRecord } from './record.ts';

const scanTimeout = 30_000;
/** sudo takes its time over a wrong password. */
const signInTimeout = 60_000;

/** The environment variable by which a password reaches ssh: it stands in no list of arguments and in no file. */
const answerVariable = 'CLAWCOVE_ANSWER';
const answerer = `#!/bin/sh\nprintf '%s\\n' "$${answerVariable}"\n`;

export function createAccess(
  options: Pick<DeviceOptions, 'run' | 'clock' | 'dataFolder' | 'named'>,
): OtherComputerAccess {
  const { run, named } = options;
  const places = placesIn(options.dataFolder);
  const guest = createWayIn(options, places);

  const ourKey = async (): Promise<string> => {
    const publicKey = await readBounded(`${places.clientKey}.pub`);
    if (publicKey === null) throw new ProblemError('engine-not-ready', {}, ['check-now']);
    return publicKey;
  };

  return {
    async rename(computer) {
      const record = await readRecord(places.record);
      if (record === null || isSameComputer(record.computer, computer)) return;
      // A home is there: its computer has another address now, and is known again by its key wherever it is.
      if (record.port !== null) return writeRecord(places.record, { ...record, computer });
      await forget(places.folder);
    },
    async shownKey({ host, port }: OtherComputer, signal) {
      const args = ['-T', '10', '-t', 'ed25519', '-p', String(port), '--', host];
      const outcome = await run({
        file: 'ssh-keyscan',
        args,
        timeoutMs: scanTimeout,
        maxBytes: 64 * 1024,
        signal,
      });
      if (outcome.is === 'not-found') throw new ProblemError('engine-gone', {}, ['check-now']);
      const key = outcome.is === 'exited' ? hostKeyFrom(outcome.stdout) : null;
      if (key === null) throw new ProblemError('computer-unreachable', { host }, ['try-again']);
      return key;
    },
    async trust(computer, { publicKey, fingerprint }, signal) {
      await mkdir(places.folder, { recursive: true, mode: 0o700 });
      if ((await readBounded(`${places.clientKey}.pub`)) === null)
        await makeKey(run, places.clientKey, signal);
      const { alias } = connectionTo(places, computer, null);
      await writeFile(places.knownHosts, knownHost(alias, publicKey), { mode: 0o600, flush: true });
      // Last: it says that all of it is there.
      await writeRecord(places.record, { form: 1, computer, fingerprint, isDedicated: false, port: null });
    },
    commands: async () => pastedLines(await ourKey()),
    async letIn(computer, password, signal): Promise<LetIn> {
      await writeFile(places.answerer, answerer, { mode: 0o700 });
      const { account } = computer;
      const to = { ...connectionTo(places, computer, null), account };
      const outcome = await run({
        file: 'ssh',
        args: passwordArguments(to, signInLine(account)),
        input: signInInput(account, password, await ourKey()),
        environment: {
          [answerVariable]: password,
          SSH_ASKPASS: places.answerer,
          SSH_ASKPASS_REQUIRE: 'force',
          // Before OpenSSH 8.4 a screen was the sign that somebody can be asked.
          DISPLAY: ':0',
        },
        timeoutMs: signInTimeout,
        maxBytes: 64 * 1024,
        signal,
      });
      switch (outcome.is) {
        case 'exited':
          return letInFrom(outcome.code, outcome.stderr);
        case 'not-found':
          throw new ProblemError('engine-gone', {}, ['check-now']);
        case 'timed-out':
          return { is: 'unreachable' };
        case 'killed':
          return { is: 'failed', detail: outcome.by };
      }
    },
    knock: (signal) => guest.knock(signal),
    signs: async (signal) => (await askFacts(guest, signal)).signs,
    async dedicate() {
      const [record, there] = [await readRecord(places.record), named()];
      if (record === null || there === null || !isSameComputer(record.computer, there))
        throw new ProblemError('engine-not-ready', {}, ['check-now']);
      await writeRecord(places.record, { ...record, isDedicated: true });
    },
  };
}
