import { attemptSays } from '../attempt-words.ts';
import type {
  AdminTaskId,
  Backup,
  FoundFile,
  Plan,
  PrivateFiles,
  Problem,
  ProofUnderWay,
  Removal,
  Row,
  Snapshot,
} from '../contract.ts';
import { plainJson } from '../plain-text.ts';
import { tallyOf, verdictOf } from '../readings.ts';
import { rowSays } from '../row-words.ts';
import { hasText, type Say } from '../text.ts';
import type { Ending } from '../work/job.ts';

/** What a command's exit code means; scripts rely on it. */
export const exits = {
  allWell: 0,
  broken: 1,
  couldNotLook: 2,
  workFailed: 3,
  refused: 4,
  wrongUsage: 64,
} as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** The exit code that a look ends with: what is broken counts first, what could not be looked at second. */
export function exitOfLook({ light, rows }: Pick<Snapshot, 'light' | 'rows'>): Exit {
  if (light === 'good' || light === 'stopped') return exits.allWell;
  const isBroken = rows.some(({ finding, blame }) => finding?.is === 'broken' && blame === null);
  return isBroken ? exits.broken : exits.couldNotLook;
}

/** The exit code of a proof: what got through counts first; one that tried nothing proves nothing. */
export function exitOfProof(proof: ProofUnderWay | null): Exit {
  const { through, stopped } = tallyOf(proof);
  if (through > 0) return exits.broken;
  return stopped > 0 ? exits.allWell : exits.couldNotLook;
}

/** Problems that are a person's or the system's No rather than a failure. */
const refusals: readonly Problem['code'][] = [
  'admin-declined',
  'admin-dismissed',
  'admin-refused',
  'is-administrator',
  'bad-request',
  'busy',
  'folder-not-allowed',
  'version-failed-before',
];

/** The exit code of work that did not get done. */
export function exitOfProblem({ code }: Problem): Exit {
  return refusals.includes(code) ? exits.refused : exits.workFailed;
}

const marks = { ok: '✓', broken: '✗', unknown: '?', 'not-applicable': '–' } as const;

/** One safeguard in one line, and remarks on it in indented ones. */
function rowLines(row: Row, say: Say): string[] {
  const { id, finding } = row;
  const mark = finding === null ? marks.unknown : marks[finding.is];
  const notes = finding?.is === 'ok' ? finding.notes : [];
  return [
    `${mark} ${say(`safeguard.${id}.title`)} — ${rowSays(row, say)}`,
    ...notes.map(({ code, facts }) => `    ${say(`note.${code}`, facts)}`),
  ];
}

/** A file that holds private data, in one line. */
function fileSays({ untrustedName: name, untrustedWithin: within, kinds }: FoundFile, say: Say): string {
  const facts = { name, kinds: kinds.map((kind) => say(`private.kind.${kind}`)).join(', ') };
  return within === null ? say('cli.file', facts) : say('cli.file-within', { ...facts, within });
}

/** Which files the row about private data speaks of, in indented lines. */
function fileLines({ id, finding }: Row, { found }: PrivateFiles, say: Say): string[] {
  if (id !== 'private-data' || finding?.is !== 'broken') return [];
  const more = found.total - found.shown.length;
  const lines = found.shown.map((file) => fileSays(file, say));
  return [...lines, ...(more > 0 ? [say('private.more', { count: more })] : [])].map((line) => `    ${line}`);
}

/** A look, for people: one line per safeguard, then the whole. */
export function lookText(snapshot: Snapshot, say: Say): string {
  const { rows, light, choices, privateFiles } = snapshot;
  const isBroken = exitOfLook(snapshot) === exits.broken;
  const hint = choices.movedIn ? 'cli.fix-hint' : 'cli.setup-hint';
  return [
    ...rows.flatMap((row) => [...rowLines(row, say), ...fileLines(row, privateFiles, say)]),
    '',
    say(`light.${light}.title`),
    say(`light.${light}.plain`),
    ...(isBroken ? [say(hint)] : []),
  ].join('\n');
}

/** The same for programs; fields are only ever added. */
export function lookJson(
  { appVersion, light, lookedAt, openClawVersion, rows, versionNews, backups, privateFiles, proof }: Snapshot,
  outcome: { readonly ending: Ending | null; readonly exit: Exit },
): string {
  return plainJson({
    version: appVersion,
    light,
    lookedAt: lookedAt === null ? null : new Date(lookedAt).toISOString(),
    openClawVersion,
    rows: rows.map(({ id, guide, finding, blame, fixable }) => ({
      id,
      guide,
      is: finding?.is ?? 'not-looked',
      why: finding && finding.is !== 'ok' ? finding.why : null,
      facts: finding && finding.is !== 'ok' ? finding.facts : {},
      gravity: finding?.is === 'broken' ? finding.gravity : null,
      blame,
      fixable,
      evidence: finding?.evidence ?? [],
    })),
    versionNews,
    backups,
    privateFiles,
    proof,
    ending: outcome.ending,
    exit: outcome.exit,
  });
}

/** The backups, newest first; a mark for those that were proven. */
export function backupsText(backups: readonly Backup[], say: Say): string {
  if (backups.length === 0) return say('cli.no-backups');
  return backups
    .map(({ id, version, bytes, verifiedAt }) =>
      say('cli.backup-line', {
        mark: verifiedAt === null ? marks.unknown : marks.ok,
        id,
        version,
        size: bytes,
      }),
    )
    .join('\n');
}

const attemptMarks = {
  stopped: marks.ok,
  'got-through': marks.broken,
  'could-not-try': marks.unknown,
} as const;

/** A proof, one line per attempt, then the whole. */
export function proofText(proof: ProofUnderWay | null, say: Say): string {
  const tally = tallyOf(proof);
  const lines = (proof?.attempts ?? []).flatMap(({ id, result }) =>
    result.is === 'running' || result.is === 'waiting'
      ? []
      : [`${attemptMarks[result.is]} ${say(`attempt.${id}.tried`)} — ${attemptSays(id, result, say)}`],
  );
  return [...lines, '', say(`proof.verdict.${verdictOf(tally)}`, { count: tally.through })].join('\n');
}

/** What happened, what it means and what to do. */
export function problemText({ code, facts }: Problem, say: Say): string {
  const parts = ['what', 'means', 'next'].map((part) => `problem.${code}.${part}`).filter(hasText);
  const commands = facts.commands;
  return [
    ...parts.map((key) => say(key, facts)),
    ...(typeof commands === 'string' && commands !== ''
      ? commands.split('\n').map((line) => `    ${line}`)
      : []),
  ].join('\n');
}

const listed = (items: Removal['goes'], say: Say) =>
  items.map(({ code, facts }) => `  - ${say(`change.${code}`, facts)}`);

/** What setting up will do, before the person agrees. */
export function planText(plan: Plan, say: Say): string {
  const { changes, parts, downloadBytes, diskBytes, memoryBytes, admin } = plan;
  const commands = admin.flatMap(({ commands }) => commands.map((command) => `    ${command}`));
  /** Of what nobody says beforehand there will be more. */
  const atLeast = (which: 'download' | 'disk') =>
    parts.some((part) => part[which].is === 'unknown') ? '-at-least' : '';
  return [
    say('cli.plan.changes'),
    ...listed(changes, say),
    ...(downloadBytes > 0 ? [say(`cli.plan.download${atLeast('download')}`, { size: downloadBytes })] : []),
    ...(diskBytes > 0 ? [say(`cli.plan.disk${atLeast('disk')}`, { size: diskBytes })] : []),
    say('cli.plan.memory', { size: memoryBytes }),
    ...(commands.length > 0 ? [say('cli.plan.admin'), ...commands] : []),
  ].join('\n');
}

/** What the system will ask an administrator for, before the person agrees. */
export function adminText(task: AdminTaskId, commands: readonly string[], say: Say): string {
  return [
    say(`question.admin.task.${task}.why`),
    say('cli.question.admin'),
    ...commands.map((command) => `    ${command}`),
  ].join('\n');
}

/** What removing takes away and what it leaves. */
export function removalText({ goes, stays }: Removal, say: Say): string {
  return [
    say('cli.removal.goes'),
    ...listed(goes, say),
    say('cli.removal.stays'),
    ...listed(stays, say),
  ].join('\n');
}
