import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { useEffect, useLayoutEffect, useState } from 'react';
import type { Snapshot } from '../main/contract.ts';
import { Announcer } from './parts/announcer.tsx';
import { Dialog } from './parts/dialog.tsx';
import { HomeFrame } from './parts/home-frame.tsx';
import { ProblemPanel } from './parts/problem-panel.tsx';
import { WizardFrame } from './parts/wizard-frame.tsx';
import { type HomePlace, type Standing, screenFor, type WizardPage } from './screen-for.ts';
import { Backups } from './screens/backups.tsx';
import { Choices } from './screens/choices.tsx';
import { Done } from './screens/done.tsx';
import { Home } from './screens/home.tsx';
import { Looking } from './screens/looking.tsx';
import { Proof } from './screens/proof.tsx';
import { Remove } from './screens/remove.tsx';
import { Removed } from './screens/removed.tsx';
import { Review } from './screens/review.tsx';
import { Settings } from './screens/settings.tsx';
import { Welcome } from './screens/welcome.tsx';
import { Working } from './screens/working.tsx';
import { EngineInUse, speak, texts } from './text.ts';
import { theme, variables } from './theme/theme.ts';
import { forgetRefusal, tellDrawn, useRefusal, useSnapshot } from './use-snapshot.ts';

const start: Standing = { page: 'welcome', place: 'home' };

/** The nonce that main put into this page; Mantine's style elements carry it. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** The whole window: a view of main's Snapshot. */
export function App() {
  const snapshot = useSnapshot();
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const appearance = snapshot?.choices.appearance ?? 'system';
  const language = snapshot?.choices.language;
  useLayoutEffect(() => {
    if (language !== undefined) speak(language);
  }, [language]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      forceColorScheme={appearance === 'system' ? system : appearance}
      getStyleNonce={nonce}
    >
      {snapshot !== null && (
        <EngineInUse value={snapshot.choices.engine}>
          <Window snapshot={snapshot} />
        </EngineInUse>
      )}
    </MantineProvider>
  );
}

function Window({ snapshot }: { snapshot: Snapshot }) {
  const refused = useRefusal();
  useEffect(() => {
    // Effects come before the picture; the turn after its frame comes behind it.
    requestAnimationFrame(() => setTimeout(tellDrawn));
  }, []);
  return (
    <>
      <Screens snapshot={snapshot} />
      <Announcer snapshot={snapshot} atHome={snapshot.choices.movedIn} />
      {refused !== null && (
        <Dialog label={texts.t('work.problem.title')} onClose={forgetRefusal} size={520}>
          <ProblemPanel problem={refused} onDismiss={forgetRefusal} />
        </Dialog>
      )}
    </>
  );
}

function Screens({ snapshot }: { snapshot: Snapshot }) {
  const [standing, setStanding] = useState(start);
  const to = (page: WizardPage) => () => setStanding({ ...start, page });
  const onGo = (place: HomePlace) => setStanding({ ...start, place });
  const screen = screenFor(snapshot, standing);
  switch (screen) {
    case 'home':
    case 'settings':
    case 'backups':
    case 'proof':
    case 'remove':
      return (
        <HomeFrame snapshot={snapshot} place={screen} onGo={onGo}>
          {screen === 'home' && <Home snapshot={snapshot} onGo={onGo} />}
          {screen === 'settings' && <Settings snapshot={snapshot} onGo={onGo} />}
          {screen === 'backups' && <Backups snapshot={snapshot} onGo={onGo} />}
          {screen === 'proof' && <Proof snapshot={snapshot} onGo={onGo} />}
          {screen === 'remove' && <Remove snapshot={snapshot} onGo={onGo} />}
        </HomeFrame>
      );
    case 'removed':
      return <Removed onAgain={() => setStanding(start)} />;
    default:
      return (
        <WizardFrame step={screen}>
          {screen === 'welcome' && <Welcome snapshot={snapshot} onNext={to('looking')} />}
          {screen === 'looking' && (
            <Looking snapshot={snapshot} onBack={to('welcome')} onNext={to('choices')} />
          )}
          {screen === 'choices' && (
            <Choices snapshot={snapshot} onBack={to('looking')} onNext={to('review')} />
          )}
          {screen === 'review' && <Review snapshot={snapshot} onBack={to('choices')} />}
          {screen === 'working' && <Working snapshot={snapshot} />}
          {screen === 'done' && <Done snapshot={snapshot} />}
        </WizardFrame>
      );
  }
}
