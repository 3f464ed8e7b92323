/** The safety report for programs: the Snapshot's own words, in the person's language. Its page is renderer/report/. */
import { guideItems, type Row, type Snapshot } from '../contract.ts';
import { rowSays } from '../row-words.ts';
import type { Say } from '../text.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function safeguardIn({ id, guide, finding, ...row }: Row, say: Say) {
  return {
    id,
    title: say(`safeguard.${id}.title`),
    guide,
    is: finding?.is ?? 'not-looked',
    gravity: finding?.is === 'broken' ? finding.gravity : null,
    plain: rowSays({ id, guide, finding, ...row }, say),
    evidence: (finding?.evidence ?? []).map(({ code, facts, at }) => ({
      code,
      plain: say(`evidence.${code}`, facts),
      at: iso(at),
    })),
    notes: finding?.is === 'ok' ? finding.notes.map(({ code, facts }) => say(`note.${code}`, facts)) : [],
  };
}

/** The report as JSON, indented; fields are only ever added. Pure. */
export function reportJson(snapshot: Snapshot, say: Say): string {
  const { appVersion, openClawVersion, computer, light, lookedAt, rows, backups } = snapshot;
  const [newest] = backups;
  return JSON.stringify(
    {
      title: say('report.title'),
      looked: iso(lookedAt),
      clawcove: appVersion,
      openclaw: openClawVersion,
      system: computer?.systemName ?? null,
      light,
      plain: say(`light.${light}.title`),
      guide: guideItems.map((id) => ({
        id,
        title: say(`guide.${id}.title`),
        safeguards: rows.filter(({ guide }) => guide.includes(id)).map((row) => row.id),
      })),
      safeguards: rows.map((row) => safeguardIn(row, say)),
      backup: newest
        ? { made: iso(newest.at), proven: iso(newest.verifiedAt), openclaw: newest.version }
        : null,
    },
    null,
    2,
  );
}
