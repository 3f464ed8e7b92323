import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { attemptTones, type ShownAttempt } from '../proof.ts';
import { useSay } from '../text.ts';
import css from './attempt-row.module.css';
import { StateShape } from './state-shape.tsx';

/** One attempt: what was tried, what came of it, and on whose word. */
export function AttemptRow({ attempt: { id, result } }: { readonly attempt: ShownAttempt }) {
  const { t, code } = useSay();
  const item = useRef<HTMLLIElement>(null);
  const isRunning = result.is === 'running';
  useEffect(() => {
    if (isRunning) item.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [isRunning]);

  const words = () => {
    switch (result.is) {
      case 'stopped':
        return code('stopper', result.by);
      case 'got-through':
        return t(`attempt.${id}.through`);
      case 'could-not-try':
        return code('untried', result.why);
      case 'running':
      case 'waiting':
        return null;
    }
  };
  const said = words();

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
