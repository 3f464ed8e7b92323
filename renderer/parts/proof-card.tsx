import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { proofStateOf } from '../proof.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import { Card } from './card.tsx';
import type { HomePageProps } from './home-frame.tsx';
import css from './proof-card.module.css';

/** The button that proves the home, and what the last proof said. */
export function ProofCard({ snapshot, onGo }: HomePageProps) {
  const { t, ago, join } = useSay();
  const now = useNow();
  const { work, choices } = snapshot;
  const state = proofStateOf(snapshot);
  const busy = work.is === 'running' || work.is === 'asking';

  const lead = () => {
    if (state.is === 'under-way') return t('proof.running');
    if (state.is === 'never') return t('proof.short');
    return join(
      t(`proof.verdict.${state.verdict}`, { count: state.through }),
      t('proof.when', { ago: ago(state.at, now), version: state.version }),
    );
  };

  return (
    <div className={css.place} data-proof={state.is === 'over' ? state.verdict : state.is}>
      <Card
        title={t('proof.title')}
        lead={choices.stopped ? join(lead(), t('proof.asleep')) : lead()}
        aside={
          <div className={css.buttons}>
            {state.is !== 'never' && (
              <Button size="xs" variant="subtle" onClick={() => onGo('proof')}>
                {t('proof.show')}
              </Button>
            )}
            {state.is !== 'under-way' && (
              <Button
                size="xs"
                variant="default"
                disabled={busy || choices.stopped}
                leftSection={<IconShieldCheck size={16} stroke={1.8} aria-hidden />}
                onClick={() => {
                  onGo('proof');
                  void send({ do: 'prove' });
                }}
              >
                {t(state.is === 'never' ? 'proof.start' : 'proof.again')}
              </Button>
            )}
          </div>
        }
      />
    </div>
  );
}
