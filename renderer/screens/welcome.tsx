import { Button } from '@mantine/core';
import { IconEye, IconHomeShield, IconSparkles } from '@tabler/icons-react';
import { IconTile } from '../parts/icon-tile.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { WizardPage, type WizardPageProps } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import css from './welcome.module.css';

const lines = [
  ['build', IconHomeShield],
  ['watch', IconEye],
  ['fix', IconSparkles],
] as const;

/** The first page: what ClawCove does, in three lines, and in which language. */
export function Welcome({ snapshot, onNext }: Omit<WizardPageProps, 'onBack'>) {
  const { t } = useSay();
  return (
    <WizardPage
      footer={
        <>
          <span data-first>
            <LanguageSwitch language={snapshot.choices.language} label={t('wizard.welcome.language')} />
          </span>
          <Button size="lg" onClick={onNext}>
            {t('wizard.welcome.start')}
          </Button>
        </>
      }
    >
      <PageTitle lead={t('wizard.welcome.lead')}>{t('wizard.welcome.title')}</PageTitle>
      <ul className={css.lines}>
        {lines.map(([key, icon]) => (
          <li key={key} className={css.line}>
            <IconTile icon={icon} />
            <div>
              <h2 className={css.title}>{t(`wizard.welcome.${key}.title`)}</h2>
              <p className={css.plain}>{t(`wizard.welcome.${key}.plain`)}</p>
            </div>
          </li>
        ))}
      </ul>
      <p className={css.promise}>{t('wizard.welcome.promise')}</p>
    </WizardPage>
  );
}
