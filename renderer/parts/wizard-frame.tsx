import type { ReactNode } from 'react';
import type { Snapshot } from '../../main/contract.ts';
import { type WizardStep, wizardSteps } from '../screen-for.ts';
import { useSay } from '../text.ts';
import { Brand } from './brand.tsx';
import { ScenePane } from './scene-pane.tsx';
import { ScrollArea } from './scroll-area.tsx';
import { Stepper } from './stepper.tsx';
import css from './wizard-frame.module.css';

/** What every page of the wizard is given: what is so, and the ways back and on. */
export interface WizardPageProps {
  readonly snapshot: Snapshot;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** Around all of the wizard's pages: the harbour and the steps on the left. It stays while the pages change. */
export function WizardFrame({ step, children }: { readonly step: WizardStep; readonly children: ReactNode }) {
  const { t } = useSay();
  const way = wizardSteps.indexOf(step) / (wizardSteps.length - 1);
  return (
    <div className={css.frame} data-screen={step} data-wide={step === 'welcome' || step === 'done'}>
      <ScenePane way={way} label={t('wizard.steps')}>
        <Brand />
        <Stepper step={step} />
      </ScenePane>
      {children}
    </div>
  );
}

/** A page of the wizard: what it shows scrolls, its buttons are always in sight below. */
export function WizardPage({
  children,
  footer,
}: {
  readonly children: ReactNode;
  readonly footer: ReactNode;
}) {
  return (
    <main className={css.main}>
      <ScrollArea className={css.scroll}>
        <div className={css.page}>{children}</div>
      </ScrollArea>
      <footer className={css.footer}>
        <div className={css.buttons}>{footer}</div>
      </footer>
    </main>
  );
}
