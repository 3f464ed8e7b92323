import type { Row } from '../main/contract.ts';

/** Which sentence of `settings.about.version` the row of ClawCove's own version stands for, and the version that it names. */
export function appVersionNews({ finding }: Row): {
  readonly key: 'newest' | 'newer' | 'unsafe' | 'restarting' | 'unsure' | 'aside';
  readonly newest: string;
} {
  if (finding?.is === 'broken') {
    const key = finding.why === 'app-unsafe' ? 'unsafe' : 'newer';
    return { key, newest: String(finding.facts.newest ?? '') };
  }
  if (finding?.is === 'ok') {
    const [note] = finding.notes;
    return note
      ? { key: 'restarting', newest: String(note.facts.newest ?? '') }
      : { key: 'newest', newest: '' };
  }
  return { key: finding?.is === 'not-applicable' ? 'aside' : 'unsure', newest: '' };
}
