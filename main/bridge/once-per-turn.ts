/**
 * Puts off what a burst of changes asks for, so that it happens once for all of them.
 *
 * @param onError told when it fails: by then nobody stands behind the call who could catch it
 */
export function oncePerTurn(act: () => void, onError: (error: unknown) => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setImmediate(() => {
      isWaiting = false;
      try {
        act();
      } catch (error) {
        onError(error);
      }
    });
  };
}
