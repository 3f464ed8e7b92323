import { Button, Skeleton } from '@mantine/core';
import {
  IconArrowDown,
  IconCheck,
  IconCpu,
  IconDatabase,
  IconShieldCheck,
  IconShieldLock,
} from '@tabler/icons-react';
import type { Plan, Size } from '../../main/contract.ts';
import { Card } from '../parts/card.tsx';
import { Commands } from '../parts/commands.tsx';
import { Disclosure } from '../parts/disclosure.tsx';
import { IconTile } from '../parts/icon-tile.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { WizardPage, type WizardPageProps } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './review.module.css';

/** Everything that setting up will do, before any of it happens. */
export function Review({ snapshot, onBack }: Omit<WizardPageProps, 'onNext'>) {
  const { t } = useSay();
  const { plan } = snapshot;
  return (
    <WizardPage
      footer={
        <>
          <Button data-first variant="default" onClick={onBack}>
            {t('wizard.back')}
          </Button>
          <Button size="lg" disabled={plan === null} onClick={() => plan && agreeTo(plan)}>
            {t('wizard.review.agree')}
          </Button>
        </>
      }
    >
      <PageTitle lead={t('wizard.review.lead')}>{t('wizard.review.title')}</PageTitle>
      {plan === null ? <Preparing /> : <PlanCards plan={plan} />}
    </WizardPage>
  );
}

function agreeTo({ admin, movesIn }: Plan): void {
  const consent = admin.map(({ id }) => id);
  void send({ do: 'set-up', consent, ...(movesIn !== null && { movesIn }) });
}

function PlanCards({ plan }: { plan: Plan }) {
  const { t, code, bytes } = useSay();
  const icon = { size: 20, stroke: 1.7, 'aria-hidden': true } as const;
  /** Of what nobody says beforehand there will be more. */
  const total = (sum: number, which: 'download' | 'disk') =>
    plan.parts.some((part) => part[which].is === 'unknown')
      ? t('wizard.review.at-least', { size: bytes(sum) })
      : bytes(sum);
  return (
    <>
      <Card title={t('wizard.review.changes')}>
        <ul className={css.changes}>
          {plan.changes.map((change) => (
            <li key={change.code} className={css.change}>
              <IconCheck size={17} stroke={2.4} aria-hidden />
              <span>{code('change', change.code, change.facts)}</span>
            </li>
          ))}
        </ul>
        <dl className={css.sizes}>
          <div>
            <dt>
              <IconArrowDown {...icon} /> {t('wizard.review.download')}
            </dt>
            <dd>{total(plan.downloadBytes, 'download')}</dd>
          </div>
          <div>
            <dt>
              <IconDatabase {...icon} /> {t('wizard.review.disk')}
            </dt>
            <dd>{total(plan.diskBytes, 'disk')}</dd>
          </div>
          <div>
            <dt>
              <IconCpu {...icon} /> {t('wizard.review.memory')}
            </dt>
            <dd>{t('wizard.review.up-to', { size: bytes(plan.memoryBytes) })}</dd>
          </div>
        </dl>
        <div className={css.origin}>
          <Disclosure label={t('wizard.review.sizes')}>
            <SizesOf plan={plan} />
          </Disclosure>
        </div>
      </Card>
      <Card>
        <div className={css.admin}>
          <IconTile icon={plan.admin.length === 0 ? IconShieldCheck : IconShieldLock} />
          <AdminPart plan={plan} />
        </div>
      </Card>
    </>
  );
}

/** What the sums add up from, and on whose word. */
function SizesOf({ plan }: { plan: Plan }) {
  const { t, bytes } = useSay();
  const line = (what: string, size: Size) =>
    t(`size.${size.is}`, {
      part: t(`size.part.${what}`),
      ...(size.is !== 'unknown' && { size: bytes(size.bytes) }),
    });
  const isNothing = (size: Size) => size.is === 'said' && size.bytes === 0;
  return (
    <>
      {(['download', 'disk'] as const).map((which) => (
        <div key={which} className={css.why}>
          <strong>{t(`wizard.review.${which}`)}</strong>
          <ul>
            {plan.parts
              .filter((part) => !isNothing(part[which]))
              .map((part) => (
                <li key={part.what}>{line(part.what, part[which])}</li>
              ))}
          </ul>
        </div>
      ))}
      {plan.mostDiskBytes !== null && (
        <p className={css.why}>{t('wizard.review.most-disk', { size: bytes(plan.mostDiskBytes) })}</p>
      )}
    </>
  );
}

function AdminPart({ plan }: { plan: Plan }) {
  const { t } = useSay();
  if (plan.admin.length === 0) {
    return (
      <div>
        <h2 className={css.title}>{t('wizard.review.admin-none-title')}</h2>
        <p className={css.why}>{t('wizard.review.admin-none')}</p>
      </div>
    );
  }
  return (
    <div className={css.grows}>
      <h2 className={css.title}>{t('wizard.review.admin-title')}</h2>
      {plan.admin.map(({ id }) => (
        <p key={id} className={css.why}>
          <strong>{t(`question.admin.task.${id}.title`)}</strong> {t(`question.admin.task.${id}.why`)}
        </p>
      ))}
      <p className={css.why}>{t('question.admin.plain')}</p>
      <Disclosure label={t('wizard.review.commands')}>
        <Commands
          lines={plan.admin.flatMap(({ commands }) => commands)}
          label={t('question.admin.commands')}
        />
      </Disclosure>
    </div>
  );
}

function Preparing() {
  const { t } = useSay();
  return (
    <Card>
      <p className={css.why} role="status">
        {t('wizard.review.preparing')}
      </p>
      {['82%', '64%', '74%'].map((width) => (
        <Skeleton key={width} height={14} mt={14} width={width} radius="sm" />
      ))}
    </Card>
  );
}
