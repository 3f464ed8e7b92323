/** Puts off what a burst of changes asks for, so that it happens once for all of them. */
export function oncePerTurn(act: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setImmediate(() => {
      isWaiting = false;
      act();
    });
  };
}
