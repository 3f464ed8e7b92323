import { type ReactNode, useEffect } from 'react';
import type { EngineName, HomeOffer } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './home-offers.module.css';

/** Asks once what this computer can offer, where nobody has yet. */
export function useHomeOffers(homes: readonly HomeOffer[]): void {
  const isUnknown = homes.length === 0;
  useEffect(() => {
    if (isUnknown) void send({ do: 'list-homes' });
  }, [isUnknown]);
}

/** Every kind of home that this computer can have, one below the other; `children` puts what is done about each beside it. */
export function HomeOffers({
  homes,
  chosen,
  children,
}: {
  readonly homes: readonly HomeOffer[];
  readonly chosen: EngineName;
  readonly children: (offer: HomeOffer) => ReactNode;
}) {
  const { t } = useSay();
  if (homes.length === 0) return <p role="status">{t('homes.looking')}</p>;
  return (
    <ul className={css.list}>
      {homes.map((offer) => (
        <li
          key={offer.engine}
          className={css.offer}
          data-home={offer.engine}
          data-is={offer.is}
          data-chosen={offer.engine === chosen}
        >
          {children(offer)}
        </li>
      ))}
    </ul>
  );
}

/** What a home is, why one would take it, and what it still needs. */
export function OfferWords({
  offer,
  badge,
}: {
  readonly offer: HomeOffer;
  readonly badge?: string | undefined;
}) {
  const { t, code } = useSay();
  const { engine, kind, is, why, needs } = offer;
  return (
    <span className={css.words}>
      <span className={css.name}>
        {t(`homes.kind.${kind}`)} <span className={css.by}>{t('homes.by', { engine })}</span>
        {badge !== undefined && <span className={css.badge}>{badge}</span>}
        {is === 'recommended' && badge === undefined && (
          <span className={css.badge}>{t('common.recommended')}</span>
        )}
      </span>
      <span className={css.why}>{code('offer', why, { engine })}</span>
      {needs.map(({ code: need, facts }) => (
        <span key={need} className={css.need}>
          {code('need', need, { engine, ...facts })}
        </span>
      ))}
    </span>
  );
}
