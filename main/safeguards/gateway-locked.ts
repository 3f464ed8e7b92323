import type { Finding } from '../contract.ts';
import { type GatewayAnswer, knock } from '../openclaw/gateway.ts';
import { changeLock } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** 192 bits in base64url; shorter tokens could be guessed by somebody with time. */
const shortestToken = 32;

/** Whether strangers are turned away and we are let in; pure. `tokenLength` 0: there is no token. */
export function judgeLock(
  stranger: GatewayAnswer,
  us: GatewayAnswer,
  tokenLength: number,
  at: number,
): Finding {
  const evidence = [
    saw(at, 'stranger-knocked', { answer: stranger.is }),
    saw(at, 'we-knocked', { answer: us.is }),
    saw(at, 'token-length', { count: tokenLength }),
  ];
  if (stranger.is === 'let-in') return broken('danger', 'gateway-unlocked', evidence);
  if (tokenLength < shortestToken) return broken('danger', 'token-weak', evidence);
  if (us.is === 'turned-away') return broken('attention', 'gateway-other-token', evidence);
  if (stranger.is === 'turned-away' && us.is === 'let-in') return ok(evidence);
  return unknown('gateway-answers-strangely', evidence);
}

/** Nobody gets in without the key: a request without it is turned away, and the key is long. */
export const gatewayLocked: Safeguard = {
  id: 'gateway-locked',
  guide: ['not-exposed'],
  needs: ['gateway-running'],
  patience: 0,
  async check({ net, store, vault, clock }, signal) {
    const { port } = store.choices();
    const token = await vault.read('gateway-token');
    const [stranger, us] = await Promise.all([
      knock(net, port, null, signal),
      knock(net, port, token, signal),
    ]);
    return judgeLock(stranger, us, token?.length ?? 0, clock.now());
  },
  async fix(doors, job) {
    await changeLock(doors, job);
    await wakeIfWanted(doors, job);
  },
};
