/** Small tables of safeguards that tests steer. */
import type { Finding, SafeguardId } from '../contract.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';

export const good: Finding = { is: 'ok', evidence: [], notes: [] };
export const danger: Finding = {
  is: 'broken',
  why: 'gateway-unlocked',
  facts: {},
  gravity: 'danger',
  evidence: [],
};
export const attention: Finding = { ...danger, why: 'gateway-stopped', gravity: 'attention' };
export const blind: Finding = { is: 'unknown', why: 'process-unreadable', facts: {}, evidence: [] };
/** What doesn't apply here. */
export const elsewhere: Finding = { is: 'not-applicable', why: 'app-by-system', facts: {}, evidence: [] };

/** A safeguard that finds what it is told to. */
export function row(
  id: SafeguardId,
  check: Finding | Safeguard['check'] = good,
  rest: Partial<Safeguard> = {},
): Safeguard {
  return {
    id,
    guide: [],
    needs: [],
    patience: 0,
    check: typeof check === 'function' ? check : async () => check,
    ...rest,
  };
}
