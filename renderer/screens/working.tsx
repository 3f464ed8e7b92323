import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot } from '../../main/contract.ts';
import { LogDrawer } from '../parts/log-drawer.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { QuestionPanel } from '../parts/question-panel.tsx';
import { StepList } from '../parts/step-list.tsx';
import { WizardPage } from '../parts/wizard-frame.tsx';
import { unmendedRow } from '../rows.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './working.module.css';

/** Setup under way: the safeguards turn green one by one. */
export function Working({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { work, log, looking } = snapshot;
  const [logOpen, setLogOpen] = useState(false);
  const mood = work.is === 'running' || (work.is === 'idle' && looking) ? '' : moods[work.is];
  return (
    <WizardPage
      footer={
        <>
          <Button data-first variant="subtle" onClick={() => setLogOpen(true)}>
            {t('work.log.show')}
          </Button>
          {work.is === 'idle' && !looking && (
            <Button onClick={() => void send({ do: 'set-up', consent: [] })}>
              {t('wizard.working.go-on')}
            </Button>
          )}
          {((work.is === 'running' && work.canCancel) || work.is === 'asking') && (
            <Button variant="default" onClick={() => void send({ do: 'cancel' })}>
              {t('wizard.working.cancel')}
            </Button>
          )}
        </>
      }
    >
      <PageTitle lead={t(`wizard.working.${mood}lead`)}>{t(`wizard.working.${mood}title`)}</PageTitle>
      {work.is === 'asking' && (
        <div className={css.question}>
          <QuestionPanel key={work.question.is} question={work.question} />
        </div>
      )}
      {work.is === 'failed' && (
        <div className={css.problem}>
          <ProblemPanel key={work.problem.code} problem={work.problem} row={unmendedRow(snapshot)} isWork />
        </div>
      )}
      <StepList snapshot={snapshot} />
      <LogDrawer log={log} opened={logOpen} onClose={() => setLogOpen(false)} />
    </WizardPage>
  );
}

const moods = { idle: 'paused-', asking: 'asking-', failed: 'failed-' } as const;
