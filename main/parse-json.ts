/** Parses JSON that may be anything; undefined when it isn't JSON. */
export function parseJson(untrusted: string): unknown {
  try {
    return JSON.parse(untrusted);
  } catch {
    return undefined;
  }
}
