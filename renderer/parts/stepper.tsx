import { IconCheck } from '@tabler/icons-react';
import { type WizardPage, wizardPages } from '../screen-for.ts';
import { useSay } from '../text.ts';
import css from './stepper.module.css';

/** All the wizard's steps, those before agreement and those after. */
export const wizardSteps = [...wizardPages, 'working', 'done'] as const;
export type WizardStep = WizardPage | 'working' | 'done';

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
