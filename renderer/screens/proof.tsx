import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AttemptRow } from '../parts/attempt-row.tsx';
import { BackButton } from '../parts/back-button.tsx';
import { Card } from '../parts/card.tsx';
import type { HomePageProps } from '../parts/home-frame.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { StateShape } from '../parts/state-shape.tsx';
import { WorkBanner } from '../parts/work-banner.tsx';
import { groupsOf, type ProofState, proofStateOf, verdictTones } from '../proof.ts';
import type { Tone } from '../rows.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import css from './proof.module.css';

/** The escape attempt, try by try while it runs, and what came of it for as long as it is the last one. */
export function Proof({ snapshot, onGo }: HomePageProps) {
  const { t } = useSay();
  const { proof, work, choices } = snapshot;
  const state = proofStateOf(snapshot);
  const busy = work.is === 'running' || work.is === 'asking';
  return (
    <>
      <BackButton onClick={() => onGo('home')} />
      <PageTitle lead={t('proof.lead')}>{t('proof.title')}</PageTitle>
      {state.is !== 'under-way' && <WorkBanner snapshot={snapshot} />}
      <Whole state={state}>
        {state.is === 'under-way' ? (
          <Button
            size="xs"
            variant="default"
            disabled={!state.canCancel}
            onClick={() => void send({ do: 'cancel' })}
          >
            {t('work.cancel')}
          </Button>
        ) : (
          <Button
            size="xs"
            disabled={busy || choices.stopped}
            leftSection={<IconShieldCheck size={16} stroke={1.8} aria-hidden />}
            onClick={() => void send({ do: 'prove' })}
          >
            {t(state.is === 'never' ? 'proof.start' : 'proof.again')}
          </Button>
        )}
        {choices.stopped && <p className={css.plain}>{t('proof.asleep')}</p>}
      </Whole>
      {groupsOf(proof).map(({ item, attempts }) => (
        <Card key={item} title={t(`guide.${item}.title`)}>
          <ul className={css.list}>
            {attempts.map((attempt) => (
              <AttemptRow key={attempt.id} attempt={attempt} />
            ))}
          </ul>
        </Card>
      ))}
      {proof !== null && <p className={css.note}>{t('proof.witness.plain')}</p>}
    </>
  );
}

/** The whole in one sentence, which is read out when it changes. */
function Whole({ state, children }: { readonly state: ProofState; readonly children: ReactNode }) {
  const { t } = useSay();
  const tones: Tone =
    state.is === 'over' ? verdictTones[state.verdict] : state.is === 'never' ? 'waiting' : 'working';
  const sentence = () => {
    if (state.is === 'under-way') return t('proof.running');
    if (state.is === 'never') return t('proof.never');
    return t(`proof.verdict.${state.verdict}`, { count: state.through });
  };
  return (
    <section
      className={css.whole}
      data-tone={tones}
      data-verdict={state.is === 'over' ? state.verdict : state.is}
    >
      <StateShape tone={tones} size={28} />
      <div className={css.words}>
        <p className={css.sentence} role="status">
          {sentence()}
        </p>
        <Details state={state} />
      </div>
      <div className={css.buttons}>{children}</div>
    </section>
  );
}

function Details({ state }: { readonly state: ProofState }) {
  const { t, ago } = useSay();
  const now = useNow();
  if (state.is === 'never') return null;
  if (state.is === 'under-way')
    return state.all === 0 ? null : (
      <p className={css.plain}>{t('proof.count', { done: state.made, of: state.all })}</p>
    );
  return (
    <>
      <p className={css.plain}>{t('proof.when', { ago: ago(state.at, now), version: state.version })}</p>
      {state.verdict === 'got-through' && <p className={css.next}>{t('proof.what-now')}</p>}
    </>
  );
}
