import { Button } from '@mantine/core';
import { IconArchive, IconBulb, IconFolder, IconInfoCircle, IconLayoutNavbar } from '@tabler/icons-react';
import type { Snapshot } from '../../main/contract.ts';
import { causesOf, type Doubtful } from '../../main/readings.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { StateShape } from '../parts/state-shape.tsx';
import { WizardPage } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './done.module.css';

/** What is said above all else, by what is still open, and what becomes of that. */
const words = {
  nothing: { lead: 'wizard.done.lead' },
  unknown: { lead: 'wizard.done.lead-open', next: 'wizard.done.asks-again' },
  'newer-app': { lead: 'wizard.done.lead-newer-app', next: 'wizard.done.newer-app' },
  'private-data': { lead: 'wizard.done.lead-private-data', next: 'wizard.done.private-data' },
} as const;

/** The only things that may be known not to be as promised are private files and a newer ClawCove. */
function wordsFor(open: Doubtful | undefined) {
  if (open === undefined) return words.nothing;
  if (open.finding.is === 'unknown') return words.unknown;
  return words[open.id === 'private-data' ? 'private-data' : 'newer-app'];
}

/** Setup is finished, and the home was seen to be as promised; what could not be asked or is left to the person is said. */
export function Done({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, reason, join } = useSay();
  const { work, choices, rows } = snapshot;
  const cause = causesOf(rows)[0];
  const open = cause?.finding;
  const said = wordsFor(cause);
  const tone = open === undefined ? 'good' : open.is === 'unknown' ? 'unknown' : open.gravity;
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
      <span className={css.seal} data-tone={tone}>
        <StateShape tone={tone} size={64} />
      </span>
      <PageTitle lead={t(said.lead)}>{t('wizard.done.title')}</PageTitle>
      {work.is === 'failed' && (
        <div className={css.problem}>
          <ProblemPanel problem={work.problem} isWork onDismiss={() => void send({ do: 'dismiss' })} />
        </div>
      )}
      <ul className={css.lines}>
        {open !== undefined && 'next' in said && (
          <li>
            <IconInfoCircle {...icon} />
            <p>{join(reason(open), t(said.next))}</p>
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
