import { Button } from '@mantine/core';
import { IconArchive, IconBulb, IconFolder, IconInfoCircle, IconLayoutNavbar } from '@tabler/icons-react';
import type { Snapshot } from '../../main/contract.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { StateShape } from '../parts/state-shape.tsx';
import { WizardPage } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './done.module.css';

/** Setup is finished, and every safeguard was seen to hold; what could not be asked is said. */
export function Done({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, reason, join } = useSay();
  const { work, choices, rows } = snapshot;
  const unasked = rows.find((row) => row.finding?.is === 'unknown')?.finding;
  const icon = { size: 20, stroke: 1.7, 'aria-hidden': true } as const;
  return (
    <WizardPage
      footer={
        <>
          <Button
            size="lg"
            variant="default"
            loading={work.is === 'running'}
            onClick={() => void send({ do: 'open', what: 'openclaw' })}
          >
            {t('wizard.done.open')}
          </Button>
          <Button size="lg" onClick={() => void send({ do: 'move-in' })}>
            {t('wizard.done.home')}
          </Button>
        </>
      }
    >
      <span className={css.seal} data-tone={unasked ? 'unknown' : 'good'}>
        <StateShape tone={unasked ? 'unknown' : 'good'} size={64} />
      </span>
      <PageTitle lead={t(unasked ? 'wizard.done.lead-open' : 'wizard.done.lead')}>
        {t('wizard.done.title')}
      </PageTitle>
      {work.is === 'failed' && (
        <div className={css.problem}>
          <ProblemPanel problem={work.problem} isWork onDismiss={() => void send({ do: 'dismiss' })} />
        </div>
      )}
      <ul className={css.lines}>
        {unasked?.is === 'unknown' && (
          <li>
            <IconInfoCircle {...icon} />
            <p>{join(reason(unasked), t('wizard.done.asks-again'))}</p>
          </li>
        )}
        <li>
          <IconLayoutNavbar {...icon} />
          <p>{t('wizard.done.watch')}</p>
        </li>
        <li>
          <IconFolder {...icon} />
          <p>
            {t('wizard.done.folder')}{' '}
            <span className={css.path} translate="no">
              {choices.sharedFolder}
            </span>
          </p>
        </li>
        {choices.model.provider === 'later' && (
          <li>
            <IconBulb {...icon} />
            <p>{t('wizard.done.model')}</p>
          </li>
        )}
        <li>
          <IconArchive {...icon} />
          <p>{t('wizard.done.backup')}</p>
        </li>
      </ul>
    </WizardPage>
  );
}
