/** Choices, receipts and the journal of updates on disk. */
import { chmodSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { appRefusals } from '../app-update/release.ts';
import { Channel, Choices, ModelChoice, Proof } from '../contract.ts';
import type { Clock, Log, Receipts, Store } from '../doors.ts';
import { HomeMove } from '../moving-home/journal.ts';
import { HostMove } from '../moving-in/journal.ts';
import { NpmWord } from '../openclaw/npm-word.ts';
import { LeftFile } from '../private-data/left.ts';
import { TakenFile } from '../private-data/taken.ts';
import { ProblemError } from '../problem.ts';
import { lostUpdates, noUpdates, Updates } from '../update/journal.ts';

/**
 * An AI service that this ClawCove doesn't accept is not connected, ways through the fence that it doesn't accept are
 * shut, and another computer that it doesn't accept has to be named again; everything else stays as the person chose it.
 */
const ChoicesFile = Choices.extend({
  model: ModelChoice.catch({ provider: 'later' }),
  nearbyServices: Choices.shape.nearbyServices.catch([]),
  otherComputer: Choices.shape.otherComputer.catch(null),
  isDedicated: Choices.shape.isDedicated.catch(false),
});

/**
 * Words that pass: what cannot be read of them is forgotten and asked for again, by itself. The
 * receipts beside them must not go with it, or nobody would know any more what the home was made from.
 */
const passing = <T extends z.ZodType>(words: T) => words.nullable().catch(null);

/** Lists in which what can't be read takes nothing else with it. */
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);

const ReceiptsFile: z.ZodType<Receipts> = z.object({
  sandbox: z
    .object({ image: z.string().max(500), version: z.string().max(100), madeAt: z.number() })
    .nullable(),
  folderMade: z.string().max(4096).nullable(),
  engineInstalled: z.boolean(),
  lastLook: passing(
    z.object({ channel: Channel, newest: z.string().max(100).nullable(), at: z.number(), since: z.number() }),
  ),
  npmWord: passing(NpmWord),
  appLook: passing(
    z.object({
      newest: z.string().max(100),
      safeFrom: z.string().max(100).nullable(),
      at: z.number(),
      since: z.number().nullable(),
    }),
  ),
  appRefusal: passing(z.object({ why: z.enum(appRefusals), at: z.number() })),
  takenFiles: list(TakenFile),
  leftFiles: list(LeftFile),
  approvedSkills: list(
    z.object({
      kind: z.enum(['skill', 'plugin']),
      name: z.string().max(100),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      at: z.number(),
    }),
  ),
  // One of an older or newer ClawCove may have tried other things.
  proof: passing(Proof),
  strangeBeforeWork: passing(z.array(z.string())),
  hostMove: passing(HostMove),
  homeMove: passing(HomeMove),
  wentBack: passing(z.object({ to: z.number().nullable(), at: z.number() })),
});
/** Before ClawCove has done anything. */
export const noReceipts: Receipts = {
  sandbox: null,
  folderMade: null,
  engineInstalled: false,
  lastLook: null,
  npmWord: null,
  appLook: null,
  appRefusal: null,
  takenFiles: [],
  leftFiles: [],
  approvedSkills: [],
  proof: null,
  strangeBeforeWork: null,
  hostMove: null,
  homeMove: null,
  wentBack: null,
};

const choicesName = 'choices.json';
const receiptsName = 'receipts.json';
const updatesName = 'updates.json';
const backupsName = 'backups';
/**
 * What a running ClawCove holds open in its own folder: it goes when ClawCove goes, not
 * before. Files of the log are named after it.
 */
const inUse = /^(?:window|owner\.sock|clawcove(?:\.old)?\.log)$/;

export interface StoreOptions {
  /** ClawCove's own folder. */
  readonly folder: string;
  readonly defaults: Choices;
  readonly clock: Clock;
  readonly log: Log;
}

/** The real {@link Store}. Read once; every change is written whole and atomically, one after the other. */
export function createStore({ folder, defaults, clock, log }: StoreOptions): Store {
  const read = <T>(name: string, parse: (data: unknown) => T, absent: T, unreadable = absent): T => {
    const file = join(folder, name);
    try {
      return parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return absent;
      const aside = `${file}.unreadable-${clock.now()}`;
      log.error(`${file} can't be read and is kept as ${aside}`, error);
      renameSync(file, aside);
      return unreadable;
    }
  };
  // A file of an older or newer ClawCove may lack what this one knows.
  let choices = read(
    choicesName,
    (data) => ChoicesFile.parse({ ...defaults, ...z.looseObject({}).parse(data) }),
    defaults,
  );
  let receipts = read(
    receiptsName,
    (data) => ReceiptsFile.parse({ ...noReceipts, ...z.looseObject({}).parse(data) }),
    noReceipts,
  );

  let updates = read(
    updatesName,
    (data) => Updates.parse({ ...noUpdates, ...z.looseObject({}).parse(data) }),
    noUpdates,
    lostUpdates,
  );

  const write = async (name: string, data: unknown) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    try {
      await writeFileAtomic(join(folder, name), `${JSON.stringify(data, null, 2)}\n`, { mode: 0o600 });
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
      throw isFull ? new ProblemError('no-room-on-disk', {}, ['try-again']) : error;
    }
  };
  return {
    choices: () => choices,
    async saveChoices(change) {
      choices = Choices.parse({ ...choices, ...change });
      await write(choicesName, choices);
    },
    receipts: () => receipts,
    async saveReceipts(change) {
      receipts = ReceiptsFile.parse({ ...receipts, ...change });
      await write(receiptsName, receipts);
    },
    updates: () => updates,
    async saveUpdates(change) {
      const next = Updates.parse({ ...updates, ...change });
      await write(updatesName, next);
      // What could not be written down has not happened.
      updates = next;
    },
    async clear({ keepBackups }) {
      for (const name of await readdir(folder).catch(() => [])) {
        if (inUse.test(name) || (keepBackups && name === backupsName)) continue;
        await rm(join(folder, name), { recursive: true, force: true });
      }
      choices = defaults;
      receipts = noReceipts;
      updates = noUpdates;
    },
    backupFolder: join(folder, backupsName),
  };
}
