import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconClockHour4,
  IconFileExport,
  IconFileImport,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Backup } from '../../main/contract.ts';
import { BackButton } from '../parts/back-button.tsx';
import { Card } from '../parts/card.tsx';
import { Dialog } from '../parts/dialog.tsx';
import type { HomePageProps } from '../parts/home-frame.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Sure } from '../parts/sure.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import css from './backups.module.css';

/** What the person is asked before it begins. */
type Asked = { readonly is: 'restore' | 'save-copy'; readonly backup: Backup } | { readonly is: 'bring-in' };

const titles = {
  restore: 'backups.confirm-title',
  'save-copy': 'backups.save.title',
  'bring-in': 'backups.bring.title',
} as const;

const icon = { size: 16, stroke: 1.8, 'aria-hidden': true } as const;

/** The backups, with the way back to each, and the way to another computer and from there. */
export function Backups({ snapshot, onGo }: HomePageProps) {
  const { t, join } = useSay();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { backups, work } = snapshot;
  const busy = work.is === 'running' || work.is === 'asking';

  function goOn(): void {
    if (asked?.is === 'bring-in') void send({ do: 'bring-in' });
    else if (asked !== null) void send({ do: asked.is, id: asked.backup.id });
    setAsked(null);
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
            leftSection={<IconArchive {...icon} />}
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
              <Line key={backup.id} backup={backup} busy={busy} onAsk={(is) => setAsked({ is, backup })} />
            ))}
          </ul>
        )}
      </Card>
      <Card
        title={t('backups.elsewhere.title')}
        lead={t('backups.elsewhere.lead')}
        aside={
          <Button
            className={css.bring}
            size="xs"
            variant="default"
            disabled={busy}
            leftSection={<IconFileImport {...icon} />}
            onClick={() => setAsked({ is: 'bring-in' })}
          >
            {t('backups.bring-in')}
          </Button>
        }
      />
      <Dialog
        label={t(titles[asked?.is ?? 'restore'])}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size={460}
      >
        {asked !== null && <Question asked={asked} onYes={goOn} onNo={() => setAsked(null)} />}
      </Dialog>
    </>
  );
}

function Line({
  backup,
  busy,
  onAsk,
}: {
  readonly backup: Backup;
  readonly busy: boolean;
  readonly onAsk: (is: 'restore' | 'save-copy') => void;
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
      <div className={css.actions}>
        <Button
          size="xs"
          variant="subtle"
          disabled={busy}
          leftSection={<IconFileExport {...icon} />}
          aria-label={`${t('backups.save-copy')}: ${when}`}
          onClick={() => onAsk('save-copy')}
        >
          {t('backups.save-copy')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          aria-label={`${t('backups.restore')}: ${when}`}
          onClick={() => onAsk('restore')}
        >
          {t('backups.restore')}
        </Button>
      </div>
    </li>
  );
}

/** Says what is about to happen, and what to mind, before anything does. */
function Question({
  asked,
  onYes,
  onNo,
}: {
  readonly asked: Asked;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const { t, ago } = useSay();
  const now = useNow();
  const hands = { title: t(titles[asked.is]), onYes, onNo };
  switch (asked.is) {
    case 'restore':
      return (
        <Sure {...hands} yes={t('backups.yes')} no={t('backups.no')}>
          <p>{t('backups.confirm', { when: ago(asked.backup.at, now) })}</p>
        </Sure>
      );
    case 'save-copy':
      return (
        <Sure {...hands} yes={t('backups.save.yes')} no={t('backups.save.no')}>
          <p>{t('backups.save.plain', { when: ago(asked.backup.at, now) })}</p>
          <Warning>{t('backups.save.warn')}</Warning>
          <p>{t('backups.save.key')}</p>
        </Sure>
      );
    case 'bring-in':
      return (
        <Sure {...hands} yes={t('backups.bring.yes')} no={t('backups.bring.no')}>
          <p>{t('backups.bring.plain')}</p>
          <Warning>{t('backups.bring.warn')}</Warning>
        </Sure>
      );
  }
}

function Warning({ children }: { readonly children: ReactNode }) {
  return (
    <div className={css.warning} data-tone="attention">
      <IconAlertTriangle size={20} stroke={1.8} aria-hidden />
      <p>{children}</p>
    </div>
  );
}
