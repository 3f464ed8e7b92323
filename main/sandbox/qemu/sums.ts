/** Debian's lists of checksums; pure. */

/**
 * The SHA-512 (hex) of a file in a list as `sha512sum` writes one; null when it isn't in it.
 *
 * @param untrustedList as it came; a page of HTML holds no such line
 */
export function digestOf(untrustedList: string, name: string): string | null {
  for (const line of untrustedList.split('\n')) {
    const [, digest, file] = /^([0-9a-f]{128}) [ *](\S+)$/.exec(line.trimEnd()) ?? [];
    if (file === name && digest !== undefined) return digest;
  }
  return null;
}
