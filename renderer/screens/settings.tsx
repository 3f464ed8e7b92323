import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot } from '../../main/contract.ts';
import { AppNews, UpdateApp } from '../parts/app-news.tsx';
import { BackButton } from '../parts/back-button.tsx';
import { Card } from '../parts/card.tsx';
import type { HomePageProps } from '../parts/home-frame.tsx';
import { HomesCard } from '../parts/homes-card.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { ModelForm } from '../parts/model-form.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { UpdatesCard } from '../parts/updates-card.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './settings.module.css';

/** What the person may change later; everything but the AI service takes effect at once. */
export function Settings({ snapshot, onGo }: HomePageProps) {
  const { t } = useSay();
  const { choices, appVersion, openClawVersion } = snapshot;
  return (
    <>
      <BackButton onClick={() => onGo('home')} />
      <PageTitle>{t('settings.title')}</PageTitle>
      <WorkBanner snapshot={snapshot} />
      <Card title={t('settings.language')} aside={<LanguageSwitch language={choices.language} />} />
      <Card
        title={t('settings.appearance.title')}
        aside={
          <SegmentedControl
            aria-label={t('settings.appearance.title')}
            value={choices.appearance}
            data={(['system', 'light', 'dark'] as const).map((value) => ({
              value,
              label: t(`settings.appearance.${value}`),
            }))}
            onChange={(appearance) => void send({ do: 'save-choices', choices: { appearance } })}
          />
        }
      />
      <Card>
        <SwitchLine
          on={choices.startAtLogin}
          title={t('settings.login.title')}
          plain={t('settings.login.plain')}
          onChange={(startAtLogin) => void send({ do: 'save-choices', choices: { startAtLogin } })}
        />
      </Card>
      <UpdatesCard choices={choices} />
      <HomesCard snapshot={snapshot} />
      <ModelCard snapshot={snapshot} />
      <Card title={t('settings.about.title')} aside={<UpdateApp snapshot={snapshot} />}>
        <dl className={css.about}>
          <dt>{t('settings.about.app')}</dt>
          <dd>
            {appVersion}
            <AppNews snapshot={snapshot} />
          </dd>
          <dt>{t('settings.about.agent')}</dt>
          <dd>{openClawVersion ?? t('settings.about.agent-none')}</dd>
        </dl>
        <p className={css.plain}>{t('settings.about.plain')}</p>
      </Card>
    </>
  );
}

function ModelCard({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useSay();
  const [saved, setSaved] = useState(false);
  const [saving, setSaving] = useState(false);
  const { work, choices } = snapshot;
  return (
    <Card title={t('settings.model.title')} lead={t('settings.model.plain')}>
      <ModelForm
        id="model"
        model={choices.model}
        legend={t('settings.model.title')}
        hasKey={choices.model.provider !== 'later'}
        onBusy={(busy) => {
          setSaving(busy);
          if (busy) setSaved(false);
        }}
        onSaved={() => setSaved(true)}
      >
        <div className={css.save}>
          <span role="status">{saved && work.is === 'idle' && t('settings.model.saved')}</span>
          <Button type="submit" size="xs" loading={saving} disabled={work.is === 'running'}>
            {t('settings.model.save')}
          </Button>
        </div>
      </ModelForm>
    </Card>
  );
}
