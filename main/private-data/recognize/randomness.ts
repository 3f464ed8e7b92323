/** Whether characters look drawn by chance, as keys are, or put there by a person, as placeholders are. */

const words =
  /example|sample|placeholder|your|dummy|fake|secret|change|replace|insert|redact|masked|token|here|xxxx|\.\.\.|1234567|abcdef|qwerty|testtest|foobar/i;

/** Shannon's entropy of the characters (bits for each). */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many neighbours in a row go up by one, or are alike (`abcd`, `7777`): the longest such run. */
function longestRun(text: string, step: number): number {
  let longest = 1;
  let run = 1;
  for (let at = 1; at < text.length; at++) {
    run = text.charCodeAt(at) - text.charCodeAt(at - 1) === step ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * Whether a key's own part looks drawn by chance; pure. One in a thousand that was drawn is taken for made up at most.
 * @param text without a maker's mark: 16 characters or more
 */
export function looksDrawn(text: string): boolean {
  const isHex = /^[0-9a-f]+$|^[0-9A-F]+$/.test(text);
  // Short keys can't show all of an alphabet: what is asked grows with their length.
  const least = isHex ? 2.8 : text.length < 24 ? 2.9 : text.length < 40 ? 3.4 : 3.9;
  return (
    !words.test(text) &&
    entropy(text) >= least &&
    longestRun(text, 0) < (isHex ? 6 : 5) &&
    longestRun(text, 1) < 6
  );
}
