import { Button } from '@mantine/core';
import { IconArchive, IconCircleCheck, IconClockHour4 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Backup } from '../../main/contract.ts';
import { BackButton } from '../parts/back-button.tsx';
import { Card } from '../parts/card.tsx';
import { Dialog } from '../parts/dialog.tsx';
import type { HomePageProps } from '../parts/home-frame.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import css from './backups.module.css';

/** The backups, with the way back to each. */
export function Backups({ snapshot, onGo }: HomePageProps) {
  const { t, join } = useSay();
  const [chosen, setChosen] = useState<Backup | null>(null);
  const { backups, work } = snapshot;
  const busy = work.is === 'running' || work.is === 'asking';

  function restore(): void {
    if (chosen !== null) void send({ do: 'restore', id: chosen.id });
    setChosen(null);
  }

  return (
    <>
      <BackButton onClick={() => onGo('home')} />
      <PageTitle lead={t('backups.lead')}>{t('backups.title')}</PageTitle>
      <WorkBanner snapshot={snapshot} />
      <Card
        title={t('safeguard.backup-recent.title')}
        aside={
          <Button
            size="xs"
            disabled={busy}
            leftSection={<IconArchive size={16} stroke={1.8} aria-hidden />}
            onClick={() => void send({ do: 'back-up' })}
          >
            {t('backups.now')}
          </Button>
        }
      >
        {backups.length === 0 ? (
          <p className={css.none}>{join(t('backups.none'), t('backups.none-plain'))}</p>
        ) : (
          <ul className={css.list}>
            {backups.map((backup) => (
              <Line key={backup.id} backup={backup} busy={busy} onRestore={() => setChosen(backup)} />
            ))}
          </ul>
        )}
      </Card>
      <Dialog
        label={t('backups.confirm-title')}
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        size={440}
      >
        {chosen !== null && <Sure backup={chosen} onYes={restore} onNo={() => setChosen(null)} />}
      </Dialog>
    </>
  );
}

function Line({
  backup,
  busy,
  onRestore,
}: {
  readonly backup: Backup;
  readonly busy: boolean;
  readonly onRestore: () => void;
}) {
  const { t, moment, bytes } = useSay();
  const now = useNow();
  const { at, why, version, verifiedAt, bytes: size } = backup;
  const isProven = verifiedAt !== null;
  const Icon = isProven ? IconCircleCheck : IconClockHour4;
  const when = moment(at, now);
  return (
    <li data-tone={isProven ? 'good' : 'stopped'}>
      <Icon size={20} stroke={1.8} aria-hidden />
      <div className={css.words}>
        <p className={css.when}>{when}</p>
        <p className={css.plain}>
          {[
            t(`backups.why.${why}`),
            t('backups.version', { version }),
            bytes(size),
            t(isProven ? 'backups.proven' : 'backups.unproven'),
          ].join(' · ')}
        </p>
      </div>
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        aria-label={`${t('backups.restore')}: ${when}`}
        onClick={onRestore}
      >
        {t('backups.restore')}
      </Button>
    </li>
  );
}

function Sure({
  backup,
  onYes,
  onNo,
}: {
  readonly backup: Backup;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const { t, ago } = useSay();
  const now = useNow();
  return (
    <div className={css.sure}>
      <h2>{t('backups.confirm-title')}</h2>
      <p>{t('backups.confirm', { when: ago(backup.at, now) })}</p>
      <div className={css.buttons}>
        <Button variant="default" data-autofocus onClick={onNo}>
          {t('backups.no')}
        </Button>
        <Button onClick={onYes}>{t('backups.yes')}</Button>
      </div>
    </div>
  );
}
