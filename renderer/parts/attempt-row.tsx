import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { attemptTones, type ShownAttempt } from '../proof.ts';
import { useSay } from '../text.ts';
import { useAttemptWords } from '../use-attempt-words.ts';
import css from './attempt-row.module.css';
import { StateShape } from './state-shape.tsx';

/** One attempt: what was tried, what came of it, and on whose word. */
export function AttemptRow({ attempt: { id, result } }: { readonly attempt: ShownAttempt }) {
  const { t } = useSay();
  const item = useRef<HTMLLIElement>(null);
  const isRunning = result.is === 'running';
  useEffect(() => {
    if (isRunning) item.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [isRunning]);

  const said = useAttemptWords()({ id, result });

  return (
    <li
      ref={item}
      className={css.row}
      data-attempt={id}
      data-is={result.is}
      data-tone={attemptTones[result.is]}
    >
      <Sign result={result} />
      <div className={css.words}>
        <p className={css.tried}>{t(`attempt.${id}.tried`)}</p>
        {said !== null && <p className={css.said}>{said}</p>}
      </div>
      {(result.is === 'stopped' || result.is === 'got-through') && (
        <span className={css.witness}>{t(`proof.witness.${result.witness}`)}</span>
      )}
    </li>
  );
}

/** A closed lock, an open one, or the sign of a state; read out as what it means. */
function Sign({ result }: { readonly result: ShownAttempt['result'] }) {
  const { t } = useSay();
  const label = t(`proof.state.${result.is}`);
  if (result.is !== 'stopped' && result.is !== 'got-through')
    return <StateShape tone={attemptTones[result.is]} size={20} label={label} />;
  const Lock = result.is === 'stopped' ? IconLock : IconLockOpen;
  return <Lock size={20} stroke={2} className={css.lock} role="img" aria-label={label} />;
}
