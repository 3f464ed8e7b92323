/** What answers on ports of this computer where homes in memory run. */
import type { HttpAnswer } from '../doors.ts';
import { elapsed, type Machine, viewsOf } from './machine.ts';
import { letTimePass } from './sandbox.ts';

/** @param authorization the header of who asks */
export function answerAt(
  machine: Machine,
  port: number,
  path: string,
  authorization: string | undefined,
): HttpAnswer {
  const answered = (status: number, untrustedBody: string): HttpAnswer => ({
    is: 'answered',
    status,
    untrustedBody,
  });
  const homes = viewsOf(machine).map((view) => {
    letTimePass(view);
    return view.home;
  });
  const home = homes.find((each) => each?.isRunning && each.spec.port === port);
  if (!home) return machine.squatters.has(port) ? answered(404, '<html>') : { is: 'refused' };
  if (elapsed(machine) - home.upSince < machine.startTakes) return { is: 'refused' };
  if (path === '/readyz' && machine.neverReady.has(home.spec.version)) return answered(503, '{}');
  if (path === '/readyz') return answered(200, '{"ready":true}');
  const { token } = JSON.parse(home.secrets.get('gateway') ?? '{}');
  return authorization === `Bearer ${token}`
    ? answered(200, JSON.stringify({ serverVersion: home.spec.version, assistantName: 'main' }))
    : answered(401, '{}');
}
