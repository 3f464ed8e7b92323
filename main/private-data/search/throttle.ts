/** Something to be done when it is asked for, at most once in `every` ms, and then once more. */
export interface Throttle {
  ask(): void;
}

export function createThrottle(every: number, work: () => void): Throttle {
  let timer: NodeJS.Timeout | null = null;
  return {
    ask() {
      timer ??= setTimeout(() => {
        timer = null;
        work();
      }, every);
    },
  };
}
