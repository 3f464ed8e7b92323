import type { Progress as ProgressFacts } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import css from './progress.module.css';

/** True progress: a bar, and beneath it how much and how long where that is known. */
export function Progress({ progress }: { readonly progress: ProgressFacts | null }) {
  const say = useSay();
  const share = shareOf(progress);
  const words = progress === null ? [] : wordsFor(progress, say);
  return (
    <div className={css.progress}>
      <div
        className={css.track}
        role="progressbar"
        aria-label={say.t('work.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
        {...(words.length === 0 ? {} : { 'aria-valuetext': words.join(', ') })}
      >
        <div
          className={css.bar}
          data-known={share !== null}
          style={share === null ? {} : { width: `${share * 100}%` }}
        />
      </div>
      {words.length > 0 && <p className={css.words}>{words.join(' · ')}</p>}
    </div>
  );
}

/** How much of it is done, 0…1; null while the end isn't known. */
export function shareOf(progress: ProgressFacts | null): number | null {
  if (progress === null || progress.of === null || progress.of <= 0) return null;
  return Math.min(1, Math.max(0, progress.done / progress.of));
}

function wordsFor({ done, of, unit, secondsLeft }: ProgressFacts, say: ReturnType<typeof useSay>): string[] {
  const words: string[] = [];
  if (unit === 'bytes') {
    words.push(
      of === null ? say.bytes(done) : say.t('work.of', { done: say.bytes(done), of: say.bytes(of) }),
    );
  }
  if (unit === 'files' && of !== null) words.push(say.t('work.files', { done, of }));
  const left = secondsLeft ?? (unit === 'seconds' && of !== null && of > done ? of - done : null);
  if (left !== null) words.push(say.t('work.left', { time: say.duration(left) }));
  return words;
}
