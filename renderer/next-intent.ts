import type { Intent, NextStep, Work } from '../main/contract.ts';

type Failed = Extract<Work, { is: 'failed' }>;

/** What "try again" means for work that failed; null where the person has to start it themselves. */
export function retryOf({ job, safeguard }: Pick<Failed, 'job' | 'safeguard'>): Intent | null {
  switch (job) {
    case 'set-up':
      // No consent is carried over: main asks again before anything that needs an administrator.
      return { do: 'set-up', consent: [] };
    case 'fix':
      return safeguard === null ? { do: 'fix-all' } : { do: 'fix', id: safeguard };
    case 'fix-all':
      return { do: 'fix-all' };
    case 'start':
      return { do: 'start' };
    case 'stop':
      return { do: 'stop' };
    case 'open':
      return { do: 'open', what: 'openclaw' };
    case 'update':
      return { do: 'update-now' };
    case 'back-up':
      return { do: 'back-up' };
    case 'remove':
    case 'restore':
    case 'save-model':
      return null;
  }
}

/** The intent behind a problem's button; null for the buttons that the window answers itself. */
export function intentFor(next: NextStep, failed: Pick<Failed, 'job' | 'safeguard'> | null): Intent | null {
  switch (next) {
    case 'try-again':
      return failed && retryOf(failed);
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
