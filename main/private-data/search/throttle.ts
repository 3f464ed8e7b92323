/** Something to be done when it is asked for, at most once in `every` ms. */
export interface Throttle {
  ask(): void;
}

export function createThrottle(every: number, work: () => void): Throttle {
  let isAsked = false;
  return {
    ask() {
      if (isAsked) return;
      isAsked = true;
      setTimeout(() => {
        isAsked = false;
        work();
      }, every);
    },
  };
}
