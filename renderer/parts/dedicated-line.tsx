import type { Snapshot } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { SwitchLine } from './switch-line.tsx';

/** Whether this very computer is for OpenClaw alone, where ClawCove knows how to make one. */
export function DedicatedLine({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { rows, choices } = snapshot;
  const finding = rows.find(({ id }) => id === 'computer-dedicated')?.finding ?? null;
  const isKnown = finding !== null && !('why' in finding && finding.why === 'computer-not-dedicated-here');
  if (!isKnown) return null;
  return (
    <SwitchLine
      on={choices.isDedicated}
      title={t('homes.dedicated.title')}
      plain={t('homes.dedicated.plain')}
      onChange={(isDedicated) => void send({ do: 'save-choices', choices: { isDedicated } })}
    />
  );
}
