import type { Intent, NextStep } from '../main/contract.ts';

/**
 * The intent behind a problem's button; null for the buttons that the window answers itself.
 *
 * @param isWork whether it happened in work, which main can try again, or an intent was refused
 */
export function intentFor(next: NextStep, isWork: boolean): Intent | null {
  switch (next) {
    case 'try-again':
      return isWork ? { do: 'try-again' } : null;
    case 'check-now':
      return { do: 'check-now' };
    case 'choose-folder':
      return { do: 'choose-folder' };
    case 'open-log':
      return { do: 'open', what: 'log' };
    case 'give-model-key':
    case 'copy-commands':
      return null;
  }
}
