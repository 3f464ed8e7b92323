import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { agentWorkFrom, askAgentWork } from './agent-work.ts';
import busy from './samples/restart-preflight.busy.json' with { type: 'json' };
import idle from './samples/restart-preflight.idle.json' with { type: 'json' };

const signal = new AbortController().signal;

describe('what the agent is doing', () => {
  it.each([
    [JSON.stringify(idle), 'idle'],
    [JSON.stringify(busy), 'busy'],
    [`(node:7) Warning: something\n${JSON.stringify(idle, null, 2)}\n`, 'idle'],
    ['', 'unknown'],
    ['{}', 'unknown'],
    ['{"safe":"yes"}', 'unknown'],
    ['{"safe":true', 'unknown'],
    ['error: unknown method', 'unknown'],
  ])('is read from %j', (untrusted, is) => {
    expect(agentWorkFrom(untrusted)).toBe(is);
  });

  it('is asked of the running OpenClaw', async () => {
    const { doors, machine } = openDoors(await movedInMachine());
    expect(await askAgentWork(doors.sandbox, signal)).toBe('idle');
    machine.isAgentBusy = true;
    expect(await askAgentWork(doors.sandbox, signal)).toBe('busy');
    machine.isAgentBusy = null;
    expect(await askAgentWork(doors.sandbox, signal)).toBe('unknown');
  });
});
