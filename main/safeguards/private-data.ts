import type { EvidenceCode, Finding, Note, ReasonCode } from '../contract.ts';
import { type PrivateKind, type PrivatePlace, privateKinds } from '../private-data/found.ts';
import { keepAway } from '../private-data/keep-away.ts';
import { type Searched, searchReached } from '../private-data/search.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

const shutReasons: Record<PrivatePlace, ReasonCode> = {
  shared: 'shared-folder-shut',
  workspace: 'workspace-shut',
};
const kindEvidence: Record<PrivateKind, EvidenceCode> = {
  'chinese-id': 'found-chinese-id',
  passport: 'found-passport',
  'social-security': 'found-social-security',
  'bank-card': 'found-bank-card',
  'recovery-phrase': 'found-recovery-phrase',
  'private-key': 'found-private-key',
  'api-key': 'found-api-key',
  'password-export': 'found-password-export',
};

/** What is said although nothing counts. */
function notesOn({ search, left, workspace }: Omit<Searched, 'places'>): Note[] {
  const { unreadable } = search;
  return [
    ...(left.length > 0 ? [{ code: 'files-left' as const, facts: { count: left.length } }] : []),
    ...(unreadable > 0 ? [{ code: 'files-unreadable' as const, facts: { count: unreadable } }] : []),
    ...(workspace === 'asleep' ? [{ code: 'workspace-asleep' as const, facts: {} }] : []),
  ];
}

/** Whether private data lies within OpenClaw's reach; pure. Green only once everything was looked at that can be. */
export function judgePrivateFiles(searched: Omit<Searched, 'places'>, at: number): Finding {
  const { search, counted, workspace } = searched;
  const evidence = [
    saw(at, 'files-searched', { count: search.looked }),
    ...(workspace === 'searched' ? [saw(at, 'workspace-searched')] : []),
    ...privateKinds
      .map((kind) => ({ kind, count: counted.filter(({ kinds }) => kinds.includes(kind)).length }))
      .filter(({ count }) => count > 0)
      .map(({ kind, count }) => saw(at, kindEvidence[kind], { count })),
  ];
  if (counted.length > 0) {
    const why = counted.length === 1 ? 'private-file-found' : 'private-files-found';
    return broken('danger', why, evidence, { count: counted.length });
  }
  const [shut] = search.shut;
  if (shut !== undefined) return unknown(shutReasons[shut], evidence);
  if (workspace === 'out-of-reach') return unknown('workspace-shut', evidence);
  if (!search.isWhole) return unknown('search-not-whole', evidence, { count: search.looked });
  return ok(evidence, notesOn(searched));
}

/** No file that OpenClaw can reach holds private data, save what the person said may stay. */
export const privateData: Safeguard = {
  id: 'private-data',
  guide: ['no-private-data'],
  needs: ['folder-dedicated'],
  patience: 0,
  check: async (doors, signal) => judgePrivateFiles(await searchReached(doors, signal), doors.clock.now()),
  fix: keepAway,
};
