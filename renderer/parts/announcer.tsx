import type { Snapshot } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { useLightWords } from '../use-light-words.ts';
import { shareOf } from './progress.tsx';

/** Tells screen readers when the light changes or work gets on; in steps, so that it doesn't chatter. */
export function Announcer({ snapshot, atHome }: { readonly snapshot: Snapshot; readonly atHome: boolean }) {
  const { code, share } = useSay();
  const { title, sentence } = useLightWords(snapshot);
  const { work } = snapshot;
  const words: string[] = [];
  if (work.is === 'running') {
    const quarter = Math.floor((shareOf(work.progress) ?? 0) * 4) / 4;
    words.push(code('step', work.step), ...(quarter > 0 ? [share(quarter)] : []));
  } else if (atHome) {
    words.push(title, sentence);
  }
  return (
    <p className="unseen" role="status">
      {words.join(' ')}
    </p>
  );
}
