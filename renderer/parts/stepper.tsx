import { IconCheck } from '@tabler/icons-react';
import { type WizardStep, wizardSteps } from '../screen-for.ts';
import { useSay } from '../text.ts';
import css from './stepper.module.css';

/** Where the person stands in the wizard. */
export function Stepper({ step }: { readonly step: WizardStep }) {
  const { t } = useSay();
  const at = wizardSteps.indexOf(step);
  return (
    <ol className={css.steps} aria-label={t('wizard.steps')}>
      {wizardSteps.map((each, index) => (
        <li
          key={each}
          className={css.step}
          data-when={index < at || step === 'done' ? 'past' : index === at ? 'now' : 'later'}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className={css.dot} aria-hidden="true">
            {(index < at || step === 'done') && <IconCheck size={12} stroke={3.2} />}
          </span>
          {t(`wizard.step.${each}`)}
        </li>
      ))}
    </ol>
  );
}
