import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot, Work } from '../../main/contract.ts';
import { unmendedRow } from '../rows.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { Dialog } from './dialog.tsx';
import { LogDrawer } from './log-drawer.tsx';
import { ProblemPanel } from './problem-panel.tsx';
import { Progress } from './progress.tsx';
import { decline } from './question.tsx';
import { QuestionPanel } from './question-panel.tsx';
import { StateShape } from './state-shape.tsx';
import css from './work-banner.module.css';

/** Work as it is seen at home: a banner while it runs, a dialog when it asks, a panel when it failed. */
export function WorkBanner({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { work } = snapshot;
  switch (work.is) {
    case 'idle':
      return null;
    case 'running':
      return <Running work={work} log={snapshot.log} />;
    case 'asking':
      return (
        <Dialog label={t(`work.job.${work.job}`)} size={500} onClose={decline} closesOutside={false}>
          <QuestionPanel question={work.question} />
        </Dialog>
      );
    case 'failed':
      return (
        <div className={css.place}>
          <ProblemPanel
            key={work.problem.code}
            problem={work.problem}
            row={unmendedRow(snapshot)}
            isWork
            onDismiss={() => void send({ do: 'dismiss' })}
          />
        </div>
      );
  }
}

function Running({ work, log }: { work: Extract<Work, { is: 'running' }>; log: readonly string[] }) {
  const { t, code } = useSay();
  const [logOpen, setLogOpen] = useState(false);
  const job = t(`work.job.${work.job}`);
  const what = work.safeguard && t(`safeguard.${work.safeguard}.title`);
  return (
    <section className={css.banner} data-tone="working" aria-label={job}>
      <StateShape tone="working" size={26} />
      <div className={css.words}>
        <p className={css.job}>{what ? t('work.job-what', { job, what }) : job}</p>
        <p className={css.step}>{code('step', work.step)}</p>
        <Progress progress={work.progress} />
      </div>
      <div className={css.buttons}>
        {work.canCancel && (
          <Button size="xs" variant="default" onClick={() => void send({ do: 'cancel' })}>
            {t('work.cancel')}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={() => setLogOpen(true)}>
          {t('work.log.show')}
        </Button>
      </div>
      <LogDrawer log={log} opened={logOpen} onClose={() => setLogOpen(false)} />
    </section>
  );
}
