import { Button } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../parts/card.tsx';
import { ComputerForm } from '../parts/computer-form.tsx';
import { DedicatedLine } from '../parts/dedicated-line.tsx';
import { HomeOffers, OfferWords, useHomeOffers } from '../parts/home-offers.tsx';
import { ModelForm } from '../parts/model-form.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { WizardPage, type WizardPageProps } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './choices.module.css';

/** What the person may decide; the recommended answers are already given. */
export function Choices({ snapshot, onBack, onNext }: WizardPageProps) {
  const { t } = useSay();
  const [saving, setSaving] = useState(false);
  const { homes } = snapshot;
  const { engine, model, otherComputer, sharedFolder, startAtLogin } = snapshot.choices;
  useHomeOffers(homes);
  return (
    <WizardPage
      footer={
        <>
          <Button data-first variant="default" onClick={onBack}>
            {t('wizard.back')}
          </Button>
          <Button
            type="submit"
            form="model"
            loading={saving}
            disabled={engine === 'SSH' && otherComputer === null}
          >
            {t('wizard.next')}
          </Button>
        </>
      }
    >
      <PageTitle lead={t('wizard.choices.lead')}>{t('wizard.choices.title')}</PageTitle>
      <Card title={t('wizard.choices.home.title')} lead={t('wizard.choices.home.plain')}>
        <HomeOffers homes={homes} chosen={engine}>
          {(offer) => (
            <label>
              <input
                type="radio"
                name="home"
                checked={offer.engine === engine}
                disabled={offer.is === 'not-here'}
                onChange={() => void send({ do: 'choose-engine', engine: offer.engine })}
              />
              <OfferWords offer={offer} />
            </label>
          )}
        </HomeOffers>
        {engine === 'SSH' ? <ComputerForm computer={otherComputer} /> : <DedicatedLine snapshot={snapshot} />}
      </Card>
      <Card title={t('wizard.choices.folder.title')} lead={t('wizard.choices.folder.plain')}>
        <div className={css.folder}>
          <IconFolder size={20} stroke={1.7} aria-hidden />
          <span className={css.path} translate="no">
            {sharedFolder}
          </span>
          <Button size="xs" variant="default" onClick={() => void send({ do: 'choose-folder' })}>
            {t('wizard.choices.folder.change')}
          </Button>
        </div>
      </Card>
      <Card title={t('wizard.choices.model.title')} lead={t('wizard.choices.model.plain')}>
        <ModelForm
          id="model"
          model={model}
          legend={t('wizard.choices.model.title')}
          onBusy={setSaving}
          onSaved={onNext}
        />
      </Card>
      <Card>
        <SwitchLine
          on={startAtLogin}
          title={t('wizard.choices.login.title')}
          plain={t('wizard.choices.login.plain')}
          onChange={(startAtLogin) => void send({ do: 'save-choices', choices: { startAtLogin } })}
        />
      </Card>
    </WizardPage>
  );
}
