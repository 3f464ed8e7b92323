/** What the rows mean to a person: pure readings of the Snapshot, shared by all screens. */
import {
  type GuideItem,
  guideItems,
  type Light,
  type Row,
  type SafeguardId,
  type Work,
} from '../main/contract.ts';

/** How one row looks; every state has a shape and a colour of its own. */
export type RowState = 'good' | 'attention' | 'danger' | 'unknown' | 'looking' | 'waiting' | 'working';

/** How anything looks that has a state. */
export type Tone = Light | RowState;

/** The state that a row is shown in. */
export function stateOf(row: Row, work: Work): RowState {
  if (work.is === 'running' && work.safeguard === row.id) return 'working';
  if (row.finding === null) return 'looking';
  if (row.finding.is === 'ok') return 'good';
  if (row.blame !== null) return 'waiting';
  return row.finding.is === 'unknown' ? 'unknown' : row.finding.gravity;
}

/** Where a section of the home screen stands; `unserved` when no safeguard looks after it yet. */
export type SectionState = 'good' | 'attention' | 'danger' | 'unknown' | 'looking' | 'unserved';

/** A guide item with the rows shown under it, or the rows that serve none. */
export interface Section {
  readonly item: GuideItem | 'running-well';
  readonly rows: readonly Row[];
  /** Rows shown under another item that this one relies on too. */
  readonly also: readonly Row[];
  readonly state: SectionState;
}

const worstFirst = ['danger', 'attention', 'unknown', 'looking'] as const;

/** An item is only as good as the worst of what it relies on, and never good with nothing behind it. */
function sectionState(rows: readonly Row[]): SectionState {
  if (rows.length === 0) return 'unserved';
  const states = rows.map((row): string => {
    if (row.finding === null) return 'looking';
    if (row.finding.is === 'ok') return 'good';
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
    state: sectionState(rows.filter((row) => row.guide.includes(item))),
  }));
  const others = rows.filter((row) => row.guide.length === 0);
  if (others.length > 0) {
    sections.push({ item: 'running-well', rows: others, also: [], state: sectionState(others) });
  }
  return sections;
}

/** The rows that are really at fault, gravest first: no consequences, nothing unlooked-at. */
export function causesOf(rows: readonly Row[]): readonly Row[] {
  const rank = (row: Row) => (row.finding?.is === 'broken' ? (row.finding.gravity === 'danger' ? 0 : 1) : 2);
  return rows
    .filter((row) => row.blame === null && row.finding !== null && row.finding.is !== 'ok')
    .toSorted((a, b) => rank(a) - rank(b));
}

/** The rows that only wait for this one. */
export function heldUpBy(rows: readonly Row[], id: SafeguardId): readonly Row[] {
  return rows.filter((row) => row.blame === id && row.finding !== null && row.finding.is !== 'ok');
}

/** Whether one click on this row can put it right. */
export function canFix(row: Row): boolean {
  return row.fixable && row.blame === null && row.finding?.is === 'broken';
}
