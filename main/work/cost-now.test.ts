import { expect, it } from 'vitest';
import { costNow } from './cost-now.ts';

it.each<[ReturnType<typeof costNow>, ...Parameters<typeof costNow>]>([
  [null, { is: 'mains' }, null],
  [null, { is: 'mains' }, false],
  ['metered', { is: 'mains' }, true],
  [null, { is: 'battery', share: 0.3 }, null],
  ['battery', { is: 'battery', share: 0.29 }, null],
  ['battery', { is: 'battery', share: 0.1 }, true],
  [null, { is: 'unknown' }, null],
])('the cost is %s where the power is %j, and the connection metered: %s', (cost, power, isMetered) => {
  expect(costNow(power, isMetered)).toBe(cost);
});
