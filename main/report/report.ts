/** The safety report for programs: the Snapshot's own words, in the person's language. Its page is renderer/report/. */
import { attemptSays } from '../attempt-words.ts';
import { guideItems, type ProofUnderWay, type Row, type Snapshot } from '../contract.ts';
import { plainJson } from '../plain-text.ts';
import { tallyOf, verdictOf } from '../readings.ts';
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

/** The last whole proof; one that is under way is none yet. */
function proofIn({ attempts, at, version }: ProofUnderWay, say: Say) {
  const tally = tallyOf({ attempts, at, version });
  if (tally.made < tally.all) return null;
  return {
    made: iso(at),
    openclaw: version,
    verdict: verdictOf(tally),
    plain: say(`proof.verdict.${verdictOf(tally)}`, { count: tally.through }),
    attempts: attempts.flatMap(({ id, guide, result }) =>
      result.is === 'running' || result.is === 'waiting'
        ? []
        : [
            {
              id,
              guide,
              is: result.is,
              witness: result.is === 'could-not-try' ? null : result.witness,
              tried: say(`attempt.${id}.tried`),
              plain: attemptSays(id, result, say),
            },
          ],
    ),
  };
}

/** The report as JSON, indented; fields are only ever added. Pure. */
export function reportJson(snapshot: Snapshot, say: Say): string {
  const { appVersion, openClawVersion, computer, light, lookedAt, rows, backups, proof } = snapshot;
  const [newest] = backups;
  return plainJson({
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
    proof: proof && proofIn(proof, say),
  });
}
