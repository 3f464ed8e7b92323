/** What the rows mean to a person: pure readings of the Snapshot, shared by all screens. */
import type { GuideItem, Light, Row, SafeguardId, SettingsPage, Snapshot, Work } from '../main/contract.ts';
import { isDoubtful, isMadeInSetUp, isSettled } from '../main/readings.ts';
import { guideItems, settingsPages } from './ids.ts';

/** How one row looks; every state has a shape and a colour of its own. */
export type RowState =
  | 'good'
  | 'attention'
  | 'danger'
  | 'unknown'
  | 'stopped'
  | 'looking'
  | 'waiting'
  | 'working'
  /** It doesn't apply here. */
  | 'aside';

/** How anything looks that has a state. */
export type Tone = Light | RowState;

/** The state that a row is shown in. */
export function stateOf(row: Row, work: Work): RowState {
  if (work.is === 'running' && work.safeguard === row.id) return 'working';
  if (row.finding === null) return 'looking';
  if (row.finding.is === 'ok') return 'good';
  if (row.blame !== null) return 'waiting';
  if (wasStopped(row)) return 'stopped';
  if (row.finding.is === 'not-applicable') return 'aside';
  return row.finding.is === 'unknown' ? 'unknown' : row.finding.gravity;
}

/** The row that a repair ran for and could not put right; null where that isn't what happened. */
export function unmendedRow({ rows, work }: Pick<Snapshot, 'rows' | 'work'>): Row | null {
  if (work.is !== 'failed' || work.problem.code !== 'still-broken') return null;
  return rows.find(({ id }) => id === work.safeguard) ?? null;
}

/** How a row looks while setup goes down the table: what isn't made yet is no fault. */
export function setupStateOf(row: Row, work: Work): RowState {
  const state = stateOf(row, work);
  if (state === 'good' || state === 'working' || state === 'aside') return state;
  const stuck = work.is === 'failed' && work.safeguard === row.id;
  return stuck ? 'danger' : 'waiting';
}

/** The person's own doing, so it's shown as that and not as a riddle. */
function wasStopped({ finding }: Row): boolean {
  return finding?.is === 'unknown' && finding.why === 'stopped-on-purpose';
}

/** Where a section of the home screen stands; `unserved` when no safeguard looks after it yet. */
export type SectionState = 'good' | 'attention' | 'danger' | 'unknown' | 'stopped' | 'looking' | 'unserved';

/** A guide item with the rows shown under it, or the rows that serve none. */
export interface Section {
  readonly item: GuideItem | 'running-well';
  readonly rows: readonly Row[];
  /** Rows shown under another item that this one relies on too. */
  readonly also: readonly Row[];
  readonly state: SectionState;
}

const worstFirst = ['danger', 'attention', 'unknown', 'stopped', 'looking'] as const;

/** An item is only as good as the worst of what it relies on, and never good with nothing behind it. */
function sectionState(relied: readonly Row[], all: readonly Row[]): SectionState {
  const rows = relied.filter(({ finding }) => finding?.is !== 'not-applicable');
  if (rows.length === 0) return 'unserved';
  const states = rows.map((row): string => {
    if (row.finding === null) return 'looking';
    if (!isDoubtful(row)) return 'good';
    const cause = all.find(({ id }) => id === (row.blame ?? row.id)) ?? row;
    if (wasStopped(cause)) return 'stopped';
    // A consequence isn't a second fault, but what it stands for can't be called good.
    if (row.blame !== null || row.finding.is === 'unknown') return 'unknown';
    return row.finding.gravity;
  });
  return worstFirst.find((state) => states.includes(state)) ?? 'good';
}

/** The guide's six items in order, each row under the first item it serves; the rest run well. */
export function sectionsOf(rows: readonly Row[]): readonly Section[] {
  const sections: Section[] = guideItems.map((item) => ({
    item,
    rows: rows.filter((row) => row.guide[0] === item),
    also: rows.filter((row) => row.guide.indexOf(item) > 0),
    state: sectionState(
      rows.filter((row) => row.guide.includes(item)),
      rows,
    ),
  }));
  const others = rows.filter((row) => row.guide.length === 0);
  if (others.length > 0) {
    sections.push({ item: 'running-well', rows: others, also: [], state: sectionState(others, rows) });
  }
  return sections;
}

const urgent = ['danger', 'attention', 'unknown'] as const;

/** What needs the person comes first; everything else keeps the guide's order. */
export function urgentFirst(sections: readonly Section[]): readonly Section[] {
  const isUrgent = ({ state }: Section) => urgent.some((each) => each === state);
  return [
    ...urgent.flatMap((state) => sections.filter((section) => section.state === state)),
    ...sections.filter((section) => !isUrgent(section)),
  ];
}

/** The rows that only wait for this one. */
export function heldUpBy(rows: readonly Row[], id: SafeguardId): readonly Row[] {
  return rows.filter((row) => row.blame === id && isDoubtful(row));
}

const nobodyToAsk = ['newest-unknown', 'updates-not-looked', 'updates-silent'] as const;

/**
 * Whether setting up may end with this row as it is. Nobody being there to ask
 * for the newest version takes nothing from the home, nor does a ClawCove that
 * isn't the newest; private files the person sorts out at home, and an OpenClaw on the computer
 * itself, too, where they didn't want it to move in yet; any other riddle does.
 */
export function mayMoveIn(row: Row): boolean {
  const { finding } = row;
  if (!isMadeInSetUp(row) || isSettled(row.finding)) return true;
  if (row.id === 'host-clean') return finding !== null;
  return finding?.is === 'unknown' && nobodyToAsk.some((why) => why === finding.why);
}

/** Whether one click on this row can put it right. */
export function canFix(row: Row): boolean {
  return row.fixable && row.blame === null && row.finding?.is === 'broken';
}

/** The page of the system's own settings on which the person puts this row right; null: there is none. */
export function settingsPageOf({ finding }: Row): SettingsPage | null {
  if (finding?.is !== 'broken') return null;
  return settingsPages.find((page) => page === finding.facts.settings) ?? null;
}
