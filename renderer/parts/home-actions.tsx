import { Button } from '@mantine/core';
import { IconExternalLink, IconPlayerPlay, IconPlayerStop, IconRefresh, IconTool } from '@tabler/icons-react';
import type { Snapshot } from '../../main/contract.ts';
import { canFix } from '../rows.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './home-actions.module.css';

/** The buttons under the light; the one that helps most comes first and stands out. */
export function HomeActions({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { choices, rows, work, looking, light, openClawVersion } = snapshot;
  const busy = work.is === 'running' || work.is === 'asking';
  const opening = work.is === 'running' && work.job === 'open';
  const fixes = rows.some(canFix);
  const awake = openClawVersion !== null && !choices.stopped;
  const lead = fixes ? 'fix' : choices.stopped ? 'start' : awake && light !== 'unknown' ? 'open' : 'check';
  const weight = (name: string) => (name === lead ? 'filled' : 'default');
  const icon = { size: 18, stroke: 1.9, 'aria-hidden': true } as const;
  return (
    <div className={css.actions}>
      {fixes && (
        <Button
          fullWidth
          disabled={busy}
          leftSection={<IconTool {...icon} />}
          onClick={() => void send({ do: 'fix-all' })}
        >
          {t('home.fix-all')}
        </Button>
      )}
      {choices.stopped ? (
        <Button
          fullWidth
          variant={weight('start')}
          disabled={busy}
          leftSection={<IconPlayerPlay {...icon} />}
          onClick={() => void send({ do: 'start' })}
        >
          {t('home.start')}
        </Button>
      ) : (
        <Button
          fullWidth
          variant={weight('open')}
          disabled={busy || !awake}
          loading={opening}
          leftSection={<IconExternalLink {...icon} />}
          onClick={() => void send({ do: 'open', what: 'openclaw' })}
        >
          {t('home.open')}
        </Button>
      )}
      <div className={css.pair}>
        <Button
          variant={weight('check')}
          disabled={busy || looking}
          leftSection={<IconRefresh {...icon} className={looking ? css.turning : undefined} />}
          onClick={() => void send({ do: 'check-now' })}
        >
          {t(looking ? 'home.checking' : 'home.check-now')}
        </Button>
        {!choices.stopped && (
          <Button
            variant="default"
            disabled={busy}
            aria-label={t('home.stop')}
            leftSection={<IconPlayerStop {...icon} />}
            onClick={() => void send({ do: 'stop' })}
          >
            {t('home.stop-short')}
          </Button>
        )}
      </div>
    </div>
  );
}
