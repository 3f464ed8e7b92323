import { feedIn } from '../main/app-update/feed.ts';

/** What electron-builder is told beyond electron-builder.yml. */
interface BuildSettings {
  readonly extraMetadata: {
    readonly homepage?: string;
    readonly clawcove?: { readonly updates: { readonly address: string; readonly publicKeys: string[] } };
  };
  readonly publish?: { readonly provider: 'generic'; readonly url: string };
  readonly linux?: { readonly maintainer: string };
}

/**
 * Who lets this ClawCove out and where it looks for newer ones, from the build's variables; all of
 * them may be missing. The address and the keys of the releases end up in the sealed archive, so that
 * nothing outside can lead ClawCove elsewhere later.
 *
 * - `CLAWCOVE_HOMEPAGE`: the project's page, shown by the system's package managers
 * - `CLAWCOVE_MAINTAINER`: "Name <address>", the same
 * - `CLAWCOVE_RELEASES`: where newer ones are, an https address that ends with a slash
 * - `CLAWCOVE_PUBLIC_KEYS`: whose signature counts there, separated by spaces
 *
 * @throws Error when addresses or keys can't be used, or one comes without the other
 */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): BuildSettings {
  const { CLAWCOVE_HOMEPAGE, CLAWCOVE_MAINTAINER, CLAWCOVE_RELEASES, CLAWCOVE_PUBLIC_KEYS } = environment;
  const words = {
    ...(CLAWCOVE_HOMEPAGE && { homepage: httpsAddress('CLAWCOVE_HOMEPAGE', CLAWCOVE_HOMEPAGE) }),
  };
  const linux = CLAWCOVE_MAINTAINER ? { linux: { maintainer: CLAWCOVE_MAINTAINER } } : {};
  // Neither is an app that leaves its updates to others, and says so.
  if (!CLAWCOVE_RELEASES && !CLAWCOVE_PUBLIC_KEYS) return { extraMetadata: words, ...linux };
  const updates = {
    address: CLAWCOVE_RELEASES ?? '',
    publicKeys: (CLAWCOVE_PUBLIC_KEYS ?? '').split(/\s+/).filter(Boolean),
  };
  // What ClawCove itself would not believe must not be found out by the people who have it.
  if (feedIn({ clawcove: { updates } }) === null)
    throw new Error(
      'CLAWCOVE_RELEASES must be an https address that ends with a slash, and CLAWCOVE_PUBLIC_KEYS Ed25519 keys as docs/releasing.md makes them.',
    );
  return {
    extraMetadata: { ...words, clawcove: { updates } },
    // Makes electron-builder write latest-*.yml; nothing is uploaded from here.
    publish: { provider: 'generic', url: updates.address },
    ...linux,
  };
}

function httpsAddress(name: string, text: string): string {
  if (!URL.canParse(text) || new URL(text).protocol !== 'https:')
    throw new Error(`${name} must be an https address.`);
  return text;
}
