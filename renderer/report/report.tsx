import { useEffect, useLayoutEffect } from 'react';
import type { Backup, Row, Snapshot } from '../../main/contract.ts';
import { Brand } from '../parts/brand.tsx';
import { StateShape } from '../parts/state-shape.tsx';
import { attemptTones, proofStateOf, verdictTones } from '../proof.ts';
import { type RowState, type Section, sectionsOf, stateOf } from '../rows.ts';
import { EngineInUse, speak, useSay } from '../text.ts';
import { useAttemptWords } from '../use-attempt-words.ts';
import { useLightWords } from '../use-light-words.ts';
import { tellDrawn, useSnapshot } from '../use-snapshot.ts';
import css from './report.module.css';

/** The safety report, for paper: what the first Snapshot said. It never changes while it is being printed. */
export function Report() {
  const snapshot = useSnapshot();
  const language = snapshot?.choices.language;
  useLayoutEffect(() => {
    if (language !== undefined) speak(language);
  }, [language]);
  if (snapshot === null) return null;
  return (
    <EngineInUse value={snapshot.choices.engine}>
      <Paper snapshot={snapshot} />
    </EngineInUse>
  );
}

function Paper({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, date } = useSay();
  const words = useLightWords(snapshot);
  useEffect(() => {
    // The PDF's own title.
    document.title = t('report.title');
    void document.fonts.ready.then(tellDrawn);
  }, [t]);
  const { lookedAt, rows } = snapshot;
  return (
    <main className={css.paper} data-screen="report">
      <header className={css.header}>
        <Brand />
        <h1 className={css.title}>{t('report.title')}</h1>
        <p className={css.for}>{t('report.for')}</p>
        <p className={css.when}>
          {lookedAt === null ? t('report.not-looked') : t('report.looked', { when: date(lookedAt) })}
        </p>
      </header>
      <section className={css.verdict} data-tone={words.tone}>
        <StateShape tone={words.tone} size={44} />
        <div>
          <h2 className={css.verdictTitle}>{words.title}</h2>
          <p>{words.sentence}</p>
        </div>
      </section>
      <Versions snapshot={snapshot} />
      {sectionsOf(rows).map((section, at) => (
        <Point
          key={section.item}
          number={section.item === 'running-well' ? null : at + 1}
          section={section}
        />
      ))}
      <Proof snapshot={snapshot} />
      <footer className={css.about}>{t('report.about')}</footer>
    </main>
  );
}

function Versions({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, date } = useSay();
  const { appVersion, openClawVersion, computer, backups } = snapshot;
  const backupWords = (backup: Backup | undefined): string => {
    if (!backup) return t('report.facts.backup-none');
    const proof = backup.verifiedAt === null ? 'unproven' : 'proven';
    return t(`report.facts.backup-${proof}`, { when: date(backup.at) });
  };
  const facts = [
    [t('settings.about.agent'), openClawVersion ?? t('settings.about.agent-none')],
    [t('settings.about.app'), appVersion],
    ...(computer === null ? [] : [[t('report.facts.system'), computer.systemName]]),
    [t('report.facts.backup'), backupWords(backups[0])],
  ];
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One point of the guide, numbered as there; what isn't of the guide has no number. */
function Point({ number, section }: { readonly number: number | null; readonly section: Section }) {
  const { t, has, list } = useSay();
  const { item, rows, also, state } = section;
  const tone = state === 'unserved' ? 'looking' : state;
  return (
    <section className={css.point} data-item={item} data-state={state}>
      <header className={css.pointHeader}>
        <h2 className={css.pointTitle}>
          {number !== null && <span className={css.number}>{number}</span>}
          {t(`guide.${item}.title`)}
        </h2>
        <span className={css.chip} data-tone={tone}>
          <StateShape tone={tone} size={13} />
          {t(`home.state.${state}`)}
        </span>
        <p className={css.plain}>{t(`guide.${item}.plain`)}</p>
      </header>
      <ul className={css.rows}>
        {rows.map((row) => (
          <Line key={row.id} row={row} state={stateOf(row, { is: 'idle' })} />
        ))}
      </ul>
      {has(`guide.${item}.yours`) && <p className={css.also}>{t(`guide.${item}.yours`)}</p>}
      {also.length > 0 && (
        <p className={css.also}>
          {t('report.also', { what: list(also.map(({ id }) => t(`safeguard.${id}.title`))) })}
        </p>
      )}
    </section>
  );
}

/** What came of the last escape attempt, try by try. */
function Proof({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, date, join } = useSay();
  const said = useAttemptWords();
  const state = proofStateOf(snapshot);
  if (state.is !== 'over') return null;
  return (
    <section className={css.point} data-proof={state.verdict}>
      <header className={css.pointHeader}>
        <h2 className={css.pointTitle}>{t('report.proof.title')}</h2>
        <span className={css.chip} data-tone={verdictTones[state.verdict]}>
          <StateShape tone={verdictTones[state.verdict]} size={13} />
          {date(state.at)}
        </span>
        <p className={css.plain}>
          {join(
            t(`proof.verdict.${state.verdict}`, { count: state.through }),
            t('report.proof.plain', { version: state.version }),
          )}
        </p>
      </header>
      <ul className={css.rows}>
        {(snapshot.proof?.attempts ?? []).map((attempt) => (
          <li key={attempt.id} className={css.row} data-attempt={attempt.id}>
            <StateShape
              tone={attemptTones[attempt.result.is]}
              size={18}
              label={t(`proof.state.${attempt.result.is}`)}
            />
            <p>
              {t(`attempt.${attempt.id}.tried`)} <span className={css.note}>{said(attempt)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ row, state }: { readonly row: Row; readonly state: RowState }) {
  const { t, code, reason, clock } = useSay();
  const { id, finding, blame } = row;
  const sentence = (): string => {
    if (finding === null) return t('report.not-looked');
    if (finding.is === 'ok') return t(`safeguard.${id}.ok`);
    return blame === null ? reason(finding) : t('home.waiting-for', { what: t(`safeguard.${blame}.title`) });
  };
  const notes = finding?.is === 'ok' ? finding.notes : [];
  const evidence = finding?.evidence ?? [];
  return (
    <li className={css.row} data-safeguard={id} data-state={state}>
      <StateShape tone={state} size={18} label={t(`home.state.${state}`)} />
      <div>
        <h3 className={css.rowTitle}>{t(`safeguard.${id}.title`)}</h3>
        <p>{sentence()}</p>
        {notes.map((note) => (
          <p key={note.code} className={css.note}>
            {code('note', note.code, note.facts)}
          </p>
        ))}
        {evidence.length > 0 && (
          <ul className={css.evidence} aria-label={t('report.how')}>
            {evidence.map((each) => (
              <li key={`${each.code} ${each.at} ${JSON.stringify(each.facts)}`}>
                <span>{code('evidence', each.code, each.facts)}</span>
                <time dateTime={new Date(each.at).toISOString()}>{clock(each.at)}</time>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
