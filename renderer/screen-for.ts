import type { Snapshot } from '../main/contract.ts';
import { mayMoveIn } from './rows.ts';

/** The wizard's pages before anything is changed; where the person stands is theirs alone. */
const wizardPages = ['welcome', 'looking', 'choices', 'review'] as const;
export type WizardPage = (typeof wizardPages)[number];

/** All the wizard's steps, those before agreement and those after. */
export const wizardSteps = [...wizardPages, 'working', 'done'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** Where the person is inside their home. */
export type HomePlace = 'home' | 'settings' | 'backups' | 'proof' | 'remove';

/** All of the window's own state that decides the screen. */
export interface Standing {
  readonly page: WizardPage;
  readonly place: HomePlace;
}

export type Screen = WizardStep | 'removed' | HomePlace;

/**
 * Which screen is shown: computed from what main says is true, never
 * remembered, so a restart or a crash always comes back to the right one.
 */
export function screenFor({ choices, work, rows }: Snapshot, { page, place }: Standing): Screen {
  const removing = work.is !== 'idle' && work.job === 'remove';
  if (removing) return 'remove';
  if (!choices.agreed && !choices.movedIn) return place === 'remove' ? 'removed' : page;
  if (choices.movedIn) return place;
  const settled = work.is === 'idle' || work.job === 'open';
  const ready = rows.length > 0 && rows.every(mayMoveIn);
  return settled && ready ? 'done' : 'working';
}
