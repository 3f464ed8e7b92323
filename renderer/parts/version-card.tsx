import { Button } from '@mantine/core';
import { IconCircleCheck, IconClockPause, IconEye, IconPackage, IconRotate2 } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Coming, Intent, Snapshot, VersionNews } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import { Disclosure } from './disclosure.tsx';
import { IconTile } from './icon-tile.tsx';
import css from './version-card.module.css';

type News = Exclude<VersionNews, { is: 'none' }>;

const icons = {
  available: IconPackage,
  postponed: IconClockPause,
  failed: IconRotate2,
  watched: IconEye,
  updated: IconCircleCheck,
} as const;

/** An update that is due within this time (ms) is about to begin. */
const anyMoment = 10 * 60_000;

/** What there is to say of OpenClaw's versions, and what the person can do about it; nothing while work runs. */
export function VersionCard({ snapshot: { versionNews: news, work } }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const id = useId();
  if (news.is === 'none' || work.is === 'running' || work.is === 'asking') return null;
  const { version } = news;
  return (
    <section className={css.card} aria-labelledby={id} data-news={news.is}>
      <IconTile icon={icons[news.is]} />
      <div className={css.words}>
        <h2 id={id} className={css.title}>
          {t(`home.news.${news.is}.title`, { version })}
        </h2>
        <Words news={news} />
        <Choices news={news} />
      </div>
    </section>
  );
}

function Words({ news }: { readonly news: News }) {
  const { t, code, ago, ahead, join } = useSay();
  const now = useNow();
  /** When and how a version that is ready comes. */
  const comes = (coming: Coming): string => {
    if (coming.is === 'by-hand') return t('home.news.coming.by-hand');
    if (coming.is === 'waits') return t(`home.news.waits.${coming.why}`);
    if (coming.at - now < anyMoment) return t('home.news.coming.soon');
    return t('home.news.coming.at', { when: ahead(coming.at, now) });
  };
  switch (news.is) {
    case 'available':
      return (
        <>
          {news.urgent && <p className={css.urgent}>{t('home.news.available.urgent')}</p>}
          <p className={css.plain}>
            {news.publishedAt === null
              ? comes(news.coming)
              : join(
                  comes(news.coming),
                  t('home.news.available.published', { ago: ago(news.publishedAt, now) }),
                )}
          </p>
        </>
      );
    case 'postponed':
      return <p className={css.plain}>{t('home.news.postponed.plain', { when: ahead(news.until, now) })}</p>;
    case 'failed':
      return <p className={css.plain}>{join(code('put-back', news.why), t('home.news.failed.plain'))}</p>;
    case 'watched':
      return <p className={css.plain}>{t('home.news.watched.plain')}</p>;
    case 'updated':
      return (
        <>
          <p className={css.plain}>
            {t('home.news.updated.plain', { from: news.from, ago: ago(news.at, now) })}
          </p>
          {news.untrustedNotes.length > 0 && <Notes notes={news.untrustedNotes} />}
        </>
      );
  }
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  const { t } = useSay();
  return (
    <Disclosure label={t('home.news.updated.notes')}>
      <div className={css.notes}>
        <p>{t('home.news.updated.whose')}</p>
        <ul lang="en">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </div>
    </Disclosure>
  );
}

/** The buttons; what comes by itself can be put off, unless what runs is not safe. */
function Choices({ news }: { readonly news: News }) {
  const { t } = useSay();
  const button = (intent: Intent, label: string, variant: 'filled' | 'default'): ReactNode => (
    <Button size="xs" variant={variant} onClick={() => void send(intent)}>
      {label}
    </Button>
  );
  switch (news.is) {
    case 'watched':
    case 'updated':
      return null;
    case 'failed':
      return (
        <div className={css.buttons}>
          {button({ do: 'try-version-again' }, t('home.news.failed.again'), 'default')}
        </div>
      );
    default:
      return (
        <div className={css.buttons}>
          {button({ do: 'update-now' }, t('home.news.now'), 'filled')}
          {news.is === 'available' &&
            !news.urgent &&
            news.coming.is !== 'by-hand' &&
            button({ do: 'postpone-update' }, t('home.news.wait'), 'default')}
        </div>
      );
  }
}
