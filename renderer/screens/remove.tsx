import { Button, Skeleton } from '@mantine/core';
import { IconCheck, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Removal } from '../../main/contract.ts';
import { BackButton } from '../parts/back-button.tsx';
import { Card } from '../parts/card.tsx';
import { Dialog } from '../parts/dialog.tsx';
import type { HomePageProps } from '../parts/home-frame.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Sure } from '../parts/sure.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './remove.module.css';

/** What would go and what would stay, and the button behind which it is asked once more. */
export function Remove({ snapshot, onGo }: HomePageProps) {
  const { t } = useSay();
  const { removal, work } = snapshot;
  const [keepData, setKeepData] = useState(true);
  const [asking, setAsking] = useState(false);
  const running = work.is === 'running' && work.job === 'remove';
  useEffect(() => {
    void send({ do: 'list-removal', keepData });
  }, [keepData]);

  function remove(): void {
    setAsking(false);
    // The home's page stays on this one, so that its end is seen here.
    onGo('remove');
    void send({ do: 'remove', keepData });
  }

  return (
    <>
      {!running && <BackButton onClick={() => onGo('home')} />}
      <PageTitle lead={t(running ? 'remove.running-lead' : 'remove.lead')}>
        {t(running ? 'remove.running' : 'remove.title')}
      </PageTitle>
      <WorkBanner snapshot={snapshot} />
      <Lists removal={removal} />
      {!running && (
        <>
          <Card>
            <SwitchLine
              on={keepData}
              title={t('remove.keep.title')}
              plain={t('remove.keep.plain')}
              onChange={setKeepData}
            />
          </Card>
          <div className={css.end}>
            <Button
              data-tone="danger"
              disabled={removal === null || work.is === 'running'}
              onClick={() => setAsking(true)}
            >
              {t('remove.button')}
            </Button>
          </div>
        </>
      )}
      <Dialog label={t('remove.confirm-title')} opened={asking} onClose={() => setAsking(false)} size={440}>
        <Sure
          title={t('remove.confirm-title')}
          yes={t('remove.yes')}
          no={t('remove.no')}
          danger
          onYes={remove}
          onNo={() => setAsking(false)}
        >
          <p>{t(keepData ? 'remove.confirm-keep' : 'remove.confirm-all')}</p>
        </Sure>
      </Dialog>
    </>
  );
}

function Lists({ removal }: { removal: Removal | null }) {
  const { t } = useSay();
  if (removal === null) {
    return (
      <Card>
        <p role="status">{t('remove.listing')}</p>
        <Skeleton height={14} mt={14} width="70%" radius="sm" />
        <Skeleton height={14} mt={12} width="56%" radius="sm" />
      </Card>
    );
  }
  return (
    <>
      <Card title={t('remove.goes')}>
        {removal.goes.length === 0 && <p className={css.plain}>{t('remove.nothing-goes')}</p>}
        <List items={removal.goes} tone="danger" icon={<IconTrash size={17} stroke={1.8} aria-hidden />} />
      </Card>
      {removal.stays.length > 0 && (
        <Card title={t('remove.stays')}>
          <List items={removal.stays} tone="good" icon={<IconCheck size={17} stroke={2.2} aria-hidden />} />
        </Card>
      )}
    </>
  );
}

function List({ items, tone, icon }: { items: Removal['goes']; tone: 'danger' | 'good'; icon: ReactNode }) {
  const { code } = useSay();
  return (
    <ul className={css.list} data-tone={tone}>
      {items.map((item) => (
        <li key={`${item.code} ${JSON.stringify(item.facts)}`}>
          {icon}
          <span>{code('change', item.code, item.facts)}</span>
        </li>
      ))}
    </ul>
  );
}
