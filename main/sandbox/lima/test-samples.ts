import { fixture } from '../fixtures.ts';
import { machineName, ours } from './names.ts';

/** A sample of Lima's list as it would be of our own machine. Only for tests. */
export function asOurs(sample: string): string {
  return fixture(`lima/${sample}`)
    .replaceAll('"name": "openclaw-home"', `"name": "${machineName}"`)
    .replaceAll('"config": {', `"config": {"message": "${ours}", `);
}
