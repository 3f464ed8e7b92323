import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { NextStep, Problem, Row } from '../../main/contract.ts';
import { copyText } from '../copy.ts';
import { intentFor } from '../next-intent.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { Commands } from './commands.tsx';
import { GiveKey } from './give-key.tsx';
import css from './problem-panel.module.css';
import { StateShape } from './state-shape.tsx';

/** A problem in three sentences (what happened, what it means, what to do next) and a button for each way on. */
export function ProblemPanel({
  problem,
  isWork = false,
  row = null,
  onDismiss,
  heading = 'h2',
}: {
  readonly problem: Problem;
  /** Whether it happened in work; else an intent was refused. */
  readonly isWork?: boolean;
  /** What the work was about, where it is still not right: says why. */
  readonly row?: Row | null;
  readonly onDismiss?: () => void;
  readonly heading?: 'h1' | 'h2';
}) {
  const { t, has, reason } = useSay();
  const [asksKey, setAsksKey] = useState(false);
  const known = has(`problem.${problem.code}.what`) ? problem.code : 'unexpected';
  const say = (part: string) => t(`problem.${known}.${part}`, { detail: problem.code, ...problem.facts });
  const commands = String(problem.facts.commands ?? '');
  const Title = heading;
  return (
    <section className={css.panel} data-tone="danger" data-problem={problem.code} role="alert">
      <StateShape tone="danger" size={28} />
      <div className={css.words}>
        <Title className={css.title}>{say('what')}</Title>
        {row?.finding && row.finding.is !== 'ok' && <p className={css.because}>{reason(row.finding)}</p>}
        <dl className={css.parts}>
          <dt>{t('work.problem.means')}</dt>
          <dd>{say('means')}</dd>
          <dt>{t('work.problem.next')}</dt>
          <dd>{say('next')}</dd>
        </dl>
        {commands !== '' && <Commands lines={[commands]} label={t('question.admin.commands')} />}
        {asksKey ? (
          <GiveKey />
        ) : (
          <Buttons>
            {problem.next.map((next, index) => (
              <NextButton
                key={next}
                next={next}
                first={index === 0}
                isWork={isWork}
                commands={commands}
                onGiveKey={() => setAsksKey(true)}
              />
            ))}
            {onDismiss && (
              <Button size="xs" variant="subtle" onClick={onDismiss}>
                {t('work.next.dismiss')}
              </Button>
            )}
          </Buttons>
        )}
      </div>
    </section>
  );
}

function Buttons({ children }: { children: ReactNode }) {
  return <div className={css.buttons}>{children}</div>;
}

function NextButton({
  next,
  first,
  isWork,
  commands,
  onGiveKey,
}: {
  next: NextStep;
  first: boolean;
  isWork: boolean;
  commands: string;
  onGiveKey: () => void;
}) {
  const { t } = useSay();
  const [copied, setCopied] = useState(false);
  const intent = intentFor(next, isWork);
  const act =
    next === 'give-model-key'
      ? isWork && onGiveKey
      : next === 'copy-commands'
        ? commands !== '' && (() => setCopied(copyText(commands)))
        : intent && (() => void send(intent));
  if (!act) return null;
  return (
    <Button size="xs" variant={first ? 'filled' : 'default'} onClick={act}>
      {t(`work.next.${copied ? 'copied' : next}`)}
    </Button>
  );
}
