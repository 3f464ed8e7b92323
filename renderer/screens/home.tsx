import type { HomePageProps } from '../parts/home-frame.tsx';
import { ProofCard } from '../parts/proof-card.tsx';
import { SectionCard } from '../parts/section-card.tsx';
import { VersionCard } from '../parts/version-card.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { sectionsOf, urgentFirst } from '../rows.ts';
import { useSay } from '../text.ts';
import css from './home.module.css';

/** The light, and point by point what stands behind it. */
export function Home({ snapshot, onGo }: HomePageProps) {
  const { t } = useSay();
  return (
    <>
      <WorkBanner snapshot={snapshot} />
      <VersionCard snapshot={snapshot} />
      <ProofCard snapshot={snapshot} onGo={onGo} />
      <header className={css.header}>
        <h2 className={css.title}>{t('home.title')}</h2>
        <p className={css.lead}>{t('home.lead')}</p>
      </header>
      {urgentFirst(sectionsOf(snapshot.rows)).map((section) => (
        <SectionCard key={section.item} section={section} snapshot={snapshot} />
      ))}
    </>
  );
}
