import { broken, ok, type Safeguard, saw } from './safeguard.ts';

/** ClawCove, and with it the engine it starts, runs without administrator rights. */
export const notAdministrator: Safeguard = {
  id: 'not-administrator',
  guide: ['least-privilege'],
  needs: [],
  patience: 0,
  async check({ computer, clock }) {
    const isAdministrator = computer.isAdministrator();
    if (isAdministrator)
      return broken('danger', 'runs-as-administrator', [saw(clock.now(), 'runs-as-administrator')]);
    return ok([saw(clock.now(), 'runs-as-ordinary-user')]);
  },
};
