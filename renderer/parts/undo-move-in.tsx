import { Button } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import { Dialog } from './dialog.tsx';
import css from './safeguard-row.module.css';
import { Sure } from './sure.tsx';

/** The way back for an OpenClaw that moved in from the computer itself, or was put to rest there. */
export function UndoMoveIn({ at, busy }: { readonly at: number; readonly busy: boolean }) {
  const { t, moment } = useSay();
  const now = useNow();
  const [asks, setAsks] = useState(false);
  const close = () => setAsks(false);
  return (
    <>
      <p className={css.note}>{t('move-in.when', { when: moment(at, now) })}</p>
      <Button
        size="xs"
        variant="default"
        className={css.fix ?? ''}
        disabled={busy}
        onClick={() => setAsks(true)}
      >
        {t('move-in.undo')}
      </Button>
      <Dialog label={t('move-in.title')} opened={asks} onClose={close} size={460}>
        <Sure
          title={t('move-in.title')}
          yes={t('move-in.yes')}
          no={t('move-in.no')}
          onNo={close}
          onYes={() => {
            close();
            void send({ do: 'undo-move-in' });
          }}
        >
          <p>{t('move-in.confirm')}</p>
        </Sure>
      </Dialog>
    </>
  );
}
