import type { Row } from '../../main/contract.ts';
import { stateOf } from '../rows.ts';
import { useSay } from '../text.ts';
import css from './looking-row.module.css';
import { StateShape } from './state-shape.tsx';

const shown: readonly string[] = ['not-administrator', 'room-to-work', 'engine-ready', 'host-clean'];

/** What can be known of a computer before there is a safe home on it. */
export function rowsBeforeSetUp(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => shown.includes(row.id));
}

/** Whether the person has to put this right before setup can begin. */
export function standInWay(row: Row): boolean {
  return row.finding?.is === 'broken' && !row.fixable;
}

/** One finding of the first look; what setup will do anyway is no fault. */
export function LookingRow({ row }: { readonly row: Row }) {
  const { t, reason, join } = useSay();
  const { finding } = row;
  const later = finding?.is === 'broken' && row.fixable;
  const state = later ? 'waiting' : stateOf(row, { is: 'idle' });
  return (
    <li className={css.row} data-safeguard={row.id} data-is={finding?.is ?? 'looking'}>
      <StateShape tone={state} label={t(`home.state.${state}`)} />
      <div>
        <p className={css.title}>{t(`safeguard.${row.id}.title`)}</p>
        <p className={css.sentence}>
          {finding === null && t('wizard.looking.waiting')}
          {finding?.is === 'ok' && t(`safeguard.${row.id}.ok`)}
          {finding !== null && finding.is !== 'ok' && reason(finding)}
          {later && join('', t('wizard.looking.later'))}
        </p>
      </div>
    </li>
  );
}
