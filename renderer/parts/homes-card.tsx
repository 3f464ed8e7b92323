import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EngineName, Snapshot } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { Card } from './card.tsx';
import { ComputerForm } from './computer-form.tsx';
import { DedicatedLine } from './dedicated-line.tsx';
import { Dialog } from './dialog.tsx';
import { HomeOffers, OfferWords, useHomeOffers } from './home-offers.tsx';
import css from './homes-card.module.css';
import { Sure } from './sure.tsx';

type Asking =
  | { readonly is: 'move'; readonly to: EngineName }
  | { readonly is: 'forget' }
  | { readonly is: 'which' };

/** Where OpenClaw lives, where else it could, and what it left behind when it moved. */
export function HomesCard({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { homes, choices, work, formerHome } = snapshot;
  const [asking, setAsking] = useState<Asking | null>(null);
  const busy = work.is === 'running' || work.is === 'asking';
  useHomeOffers(homes);
  const close = () => setAsking(null);
  const isNamed = (engine: EngineName) => engine !== 'SSH' || choices.otherComputer !== null;
  const go = () => {
    close();
    if (asking?.is === 'move') void send({ do: 'move-home', engine: asking.to });
    if (asking?.is === 'forget') void send({ do: 'forget-former-home' });
  };
  return (
    <Card title={t('homes.title')} lead={t('homes.plain')}>
      <HomeOffers homes={homes} chosen={choices.engine}>
        {(offer) => {
          const isHere = offer.engine === choices.engine;
          return (
            <>
              <OfferWords offer={offer} badge={isHere ? t('homes.here') : undefined} />
              {offer.engine === 'SSH' && (
                <Button
                  size="xs"
                  variant="default"
                  disabled={busy}
                  onClick={() => setAsking({ is: 'which' })}
                >
                  {t('homes.computer.which')}
                </Button>
              )}
              {!isHere && offer.is !== 'not-here' && isNamed(offer.engine) && (
                <Button
                  size="xs"
                  variant="default"
                  disabled={busy}
                  aria-label={`${t('homes.move')} ${t('homes.by', { engine: offer.engine })}`}
                  onClick={() => setAsking({ is: 'move', to: offer.engine })}
                >
                  {t('homes.move')}
                </Button>
              )}
            </>
          );
        }}
      </HomeOffers>
      {choices.engine !== 'SSH' && <DedicatedLine snapshot={snapshot} />}
      {formerHome !== null && (
        <div className={css.former}>
          <p>{t('homes.former', { engine: formerHome })}</p>
          <Button size="xs" variant="default" disabled={busy} onClick={() => setAsking({ is: 'forget' })}>
            {t('homes.forget')}
          </Button>
        </div>
      )}
      <Dialog
        label={t(asking?.is === 'forget' ? 'homes.forget-sure' : 'homes.sure')}
        opened={asking !== null && asking.is !== 'which'}
        onClose={close}
        size={460}
      >
        <Sure
          title={t(asking?.is === 'forget' ? 'homes.forget-sure' : 'homes.sure')}
          yes={t(asking?.is === 'forget' ? 'homes.forget-yes' : 'homes.yes')}
          no={t('homes.no')}
          danger={asking?.is === 'forget'}
          onYes={go}
          onNo={close}
        >
          <p>{t(asking?.is === 'forget' ? 'homes.forget-confirm' : 'homes.confirm')}</p>
        </Sure>
      </Dialog>
      <Dialog label={t('homes.computer.title')} opened={asking?.is === 'which'} onClose={close} size={560}>
        <div className={css.which}>
          <h2>{t('homes.computer.title')}</h2>
          <ComputerForm computer={choices.otherComputer} onSaved={close} />
        </div>
      </Dialog>
    </Card>
  );
}
