import type { ReactNode } from 'react';
import type { Snapshot } from '../../main/contract.ts';
import type { HomePlace } from '../screen-for.ts';
import { useSay } from '../text.ts';
import { useLightWords } from '../use-light-words.ts';
import { useNow } from '../use-now.ts';
import { Brand } from './brand.tsx';
import { HomeActions } from './home-actions.tsx';
import css from './home-frame.module.css';
import { HomeMenu } from './home-menu.tsx';
import { ScenePane } from './scene-pane.tsx';
import { ScrollArea } from './scroll-area.tsx';
import { TrafficLight } from './traffic-light.tsx';

/** What every page at home is given: what is so, and the way to the others. */
export interface HomePageProps {
  readonly snapshot: Snapshot;
  readonly onGo: (place: HomePlace) => void;
}

/** Everything after moving in: the light and its buttons on the left, whatever the person looks at on the right. */
export function HomeFrame({
  snapshot,
  place,
  onGo,
  children,
}: HomePageProps & {
  readonly place: HomePlace;
  readonly children: ReactNode;
}) {
  const { light } = snapshot;
  const words = useLightWords(snapshot);
  return (
    <div className={css.frame} data-screen={place}>
      <ScenePane tone={words.tone} way={1} lamp={light !== 'stopped'} label={words.title}>
        <div className={css.top}>
          <Brand />
          <HomeMenu onGo={onGo} />
        </div>
        <div className={css.status}>
          <TrafficLight light={light} heading={place === 'home' ? 'h1' : 'p'} {...words} />
          <Looked snapshot={snapshot} />
          <HomeActions snapshot={snapshot} />
        </div>
      </ScenePane>
      <ScrollArea as="main" className={css.main} key={place}>
        <div className={css.page}>{children}</div>
      </ScrollArea>
    </div>
  );
}

function Looked({ snapshot }: { snapshot: Snapshot }) {
  const { t, ago } = useSay();
  const now = useNow();
  const { lookedAt, openClawVersion } = snapshot;
  const looked = lookedAt === null ? t('home.not-looked') : t('home.looked', { ago: ago(lookedAt, now) });
  return (
    <p className={css.looked}>
      <span>{looked}</span>{' '}
      {openClawVersion !== null && <span>{t('home.version', { version: openClawVersion })}</span>}
    </p>
  );
}
