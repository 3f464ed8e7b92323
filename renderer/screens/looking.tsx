import { Button, Skeleton } from '@mantine/core';
import {
  IconCpu,
  IconDatabase,
  IconDeviceDesktop,
  IconDeviceSdCard,
  IconShieldCheck,
} from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import type { Computer } from '../../main/contract.ts';
import { LookingRow, rowsBeforeSetUp, standInWay } from '../parts/looking-row.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { WizardPage, type WizardPageProps } from '../parts/wizard-frame.tsx';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './looking.module.css';

/** What is seen of this computer, and whether a safe home fits on it. */
export function Looking({ snapshot, onBack, onNext }: WizardPageProps) {
  const { t } = useSay();
  const { computer, looking, lookedAt } = snapshot;
  const rows = rowsBeforeSetUp(snapshot.rows);
  const seen = computer !== null && rows.every((row) => row.finding !== null);
  const blocked = rows.some(standInWay);
  const neverLooked = lookedAt === null && !looking;
  useEffect(() => {
    if (neverLooked) void send({ do: 'check-now' });
  }, [neverLooked]);
  return (
    <WizardPage
      footer={
        <>
          <Button data-first variant="default" onClick={onBack}>
            {t('wizard.back')}
          </Button>
          {seen && (
            <Button
              variant={blocked ? 'filled' : 'subtle'}
              disabled={looking}
              onClick={() => void send({ do: 'check-now' })}
            >
              {t(looking ? 'home.checking' : 'wizard.looking.again')}
            </Button>
          )}
          <Button disabled={!seen || blocked} onClick={onNext}>
            {t('wizard.next')}
          </Button>
        </>
      }
    >
      <PageTitle lead={t('wizard.looking.lead')}>{t('wizard.looking.title')}</PageTitle>
      <Facts computer={computer} />
      <ul className={css.checks} aria-label={t('wizard.looking.title')}>
        {rows.map((row) => (
          <LookingRow key={row.id} row={row} />
        ))}
      </ul>
      {blocked && <p className={css.blocked}>{t('wizard.looking.blocked')}</p>}
      <p className="unseen" role="status">
        {t(seen ? 'wizard.looking.finished' : 'wizard.looking.waiting')}
      </p>
    </WizardPage>
  );
}

function Facts({ computer }: { computer: Computer | null }) {
  const { t, bytes } = useSay();
  const icon = { size: 20, stroke: 1.6, 'aria-hidden': true } as const;
  return (
    <dl className={css.facts} aria-busy={computer === null}>
      <Fact icon={<IconDeviceDesktop {...icon} />} name={t('wizard.looking.system')}>
        {computer?.systemName}
      </Fact>
      <Fact icon={<IconCpu {...icon} />} name={t('wizard.looking.processor')}>
        {computer && t('wizard.looking.processor-value', { name: computer.processor, count: computer.cores })}
      </Fact>
      <Fact icon={<IconDeviceSdCard {...icon} />} name={t('wizard.looking.memory')}>
        {computer && bytes(soldAs(computer.memoryBytes))}
      </Fact>
      <Fact icon={<IconDatabase {...icon} />} name={t('wizard.looking.disk')}>
        {computer && bytes(computer.freeDiskBytes)}
      </Fact>
      <Fact icon={<IconShieldCheck {...icon} />} name={t('wizard.looking.virtualization')} wide>
        {computer && t(`wizard.looking.virtualization-${computer.virtualization ? 'yes' : 'no'}`)}
      </Fact>
    </dl>
  );
}

function Fact({
  icon,
  name,
  children,
  wide = false,
}: {
  icon: ReactNode;
  name: string;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className={css.fact} data-wide={wide}>
      <dt>
        {icon}
        {name}
      </dt>
      <dd>{children || <Skeleton height={14} mt={5} width="70%" radius="sm" />}</dd>
    </div>
  );
}

/** Memory is sold in powers of two and a part of it is never seen: 16.6 billion bytes are "16 GB". */
function soldAs(memoryBytes: number): number {
  return Math.ceil(memoryBytes / 2 ** 30) * 1e9;
}
