import type { ReactNode } from 'react';
import { useSay } from '../text.ts';
import { Brand } from './brand.tsx';
import { ScenePane } from './scene-pane.tsx';
import { Stepper, type WizardStep, wizardSteps } from './stepper.tsx';
import css from './wizard-frame.module.css';

/** A wizard page: the harbour and the steps on the left, the page in the middle, its buttons always in sight below. */
export function WizardFrame({
  step,
  children,
  footer,
}: {
  readonly step: WizardStep;
  readonly children: ReactNode;
  readonly footer: ReactNode;
}) {
  const { t } = useSay();
  const way = wizardSteps.indexOf(step) / (wizardSteps.length - 1);
  return (
    <div className={css.frame} data-screen={step} data-wide={step === 'welcome' || step === 'done'}>
      <ScenePane way={way} label={t('wizard.steps')}>
        <Brand />
        <Stepper step={step} />
      </ScenePane>
      <main className={css.main}>
        <div className={css.scroll}>
          <div className={css.page}>{children}</div>
        </div>
        <footer className={css.footer}>
          <div className={css.buttons}>{footer}</div>
        </footer>
      </main>
    </div>
  );
}
