import { useEffect, useRef } from 'react';
import type { Row, Snapshot, Work } from '../../main/contract.ts';
import { isSettled } from '../../main/readings.ts';
import { setupStateOf } from '../rows.ts';
import { useSay } from '../text.ts';
import { Progress } from './progress.tsx';
import { StateShape } from './state-shape.tsx';
import css from './step-list.module.css';

/** All safeguards in setup order; the one being worked on says what it is doing and how far it is. */
export function StepList({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { rows, work } = snapshot;
  const done = rows.filter(({ finding }) => isSettled(finding)).length;
  const between = work.is === 'running' && work.safeguard === null;
  return (
    <div className={css.box}>
      <p className={css.count}>{t('wizard.working.count', { done, of: rows.length })}</p>
      {between && <Current work={work} />}
      <ul>
        {rows.map((row) => (
          <Step key={row.id} row={row} work={work} />
        ))}
      </ul>
    </div>
  );
}

function Step({ row, work }: { row: Row; work: Work }) {
  const { t } = useSay();
  const state = setupStateOf(row, work);
  const item = useRef<HTMLLIElement>(null);
  const current = state === 'working';
  useEffect(() => {
    if (current) item.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [current]);
  return (
    <li
      ref={item}
      className={css.step}
      data-safeguard={row.id}
      data-is={row.finding?.is ?? 'looking'}
      data-state={state}
    >
      <StateShape tone={state} label={t(`home.state.${state}`)} />
      <div className={css.words}>
        <p className={css.title}>{t(`safeguard.${row.id}.title`)}</p>
        {current && work.is === 'running' && <Current work={work} />}
      </div>
    </li>
  );
}

function Current({ work }: { work: Extract<Work, { is: 'running' }> }) {
  const { code } = useSay();
  return (
    <div className={css.current}>
      <p className={css.sentence}>{code('step', work.step)}</p>
      <Progress progress={work.progress} />
    </div>
  );
}
