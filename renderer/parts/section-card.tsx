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
import type { Section, SectionState } from '../rows.ts';
import { useSay } from '../text.ts';
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
  const Icon = icons[item];
  const others = also.map((row) => t(`safeguard.${row.id}.title`));
  return (
    <section className={css.card} aria-labelledby={id} data-item={item} data-state={state}>
      <header className={css.header}>
        <span className={css.icon} aria-hidden="true">
          <Icon size={21} stroke={1.7} />
        </span>
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
      {others.length > 0 && <p className={css.also}>{t('home.also', { what: list(others) })}</p>}
      {has(`guide.${item}.yours`) && (
        <p className={css.yours}>
          <IconBulb size={17} stroke={1.8} aria-hidden="true" />
          <span>{t(`guide.${item}.yours`)}</span>
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
