import {
  IconBulb,
  IconHeartbeat,
  IconId,
  IconPuzzle,
  IconRefresh,
  IconUserShield,
  IconWall,
  IconWorldOff,
} from '@tabler/icons-react';
import { useId } from 'react';
import type { Snapshot } from '../../main/contract.ts';
import { type Section, type SectionState, stateOf } from '../rows.ts';
import { useSay } from '../text.ts';
import { IconTile } from './icon-tile.tsx';
import { SafeguardRow } from './safeguard-row.tsx';
import css from './section-card.module.css';
import { StateShape } from './state-shape.tsx';

const icons = {
  isolated: IconWall,
  'not-exposed': IconWorldOff,
  'least-privilege': IconUserShield,
  'trusted-skills': IconPuzzle,
  'no-private-data': IconId,
  'up-to-date': IconRefresh,
  'running-well': IconHeartbeat,
} as const;

/** One item of the guide in plain words, how it stands, and the safeguards behind it. */
export function SectionCard({
  section,
  snapshot,
}: {
  readonly section: Section;
  readonly snapshot: Snapshot;
}) {
  const { t, has, list } = useSay();
  const { item, rows, also, state } = section;
  const id = useId();
  const culprit = also.map((row) => stateOf(row, snapshot.work)).find((each) => each !== 'good');
  const others = also.map((row) => t(`safeguard.${row.id}.title`));
  return (
    <section className={css.card} aria-labelledby={id} data-item={item} data-state={state}>
      <header className={css.header}>
        <IconTile icon={icons[item]} />
        <h3 id={id} className={css.title}>
          {t(`guide.${item}.title`)}
        </h3>
        <Chip state={state} />
        <p className={css.plain}>{t(`guide.${item}.plain`)}</p>
      </header>
      {rows.length > 0 && (
        <ul className={css.rows}>
          {rows.map((row) => (
            <SafeguardRow key={row.id} row={row} snapshot={snapshot} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <p className={css.also}>
          {culprit !== undefined && (
            <StateShape tone={culprit} size={20} label={t(`home.state.${culprit}`)} />
          )}
          {t('home.also', { what: list(others) })}
        </p>
      )}
      {has(`guide.${item}.yours`) && (
        <p className={css.yours}>
          <IconBulb size={20} stroke={1.8} aria-hidden="true" />
          {t(`guide.${item}.yours`)}
        </p>
      )}
    </section>
  );
}

function Chip({ state }: { state: SectionState }) {
  const { t } = useSay();
  const tone = state === 'unserved' ? 'looking' : state;
  return (
    <span className={css.chip} data-tone={tone}>
      <StateShape tone={tone} size={13} />
      {t(`home.state.${state}`)}
    </span>
  );
}
