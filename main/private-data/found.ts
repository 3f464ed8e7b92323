/** What a search for private data finds: where, and of which kind. Never what it says. */

/** The kinds of private data that are looked for. */
export const privateKinds = [
  'chinese-id',
  'passport',
  'social-security',
  'bank-card',
  'recovery-phrase',
  'private-key',
  'api-key',
  'password-export',
] as const;
export type PrivateKind = (typeof privateKinds)[number];

/** Where it is looked for: the person's shared folder, and the agent's own workspace in its home. */
export const privatePlaces = ['shared', 'workspace'] as const;
export type PrivatePlace = (typeof privatePlaces)[number];

/** One of these places on this computer; `folder` is an absolute path, which nobody needs to be able to open. */
export interface SearchedPlace {
  readonly place: PrivatePlace;
  readonly folder: string;
}

/** A file that holds private data. Its names are whoever's who can write there: the agent's, too. */
export interface PrivateFile {
  readonly place: PrivatePlace;
  /** Path from the place's folder, with `/`. */
  readonly untrustedPath: string;
  /** Path of the file inside it (an archive's, a document's part) where it was found; null: in itself. */
  readonly untrustedWithin: string | null;
  /** In the order of {@link privateKinds}; never empty. */
  readonly kinds: readonly PrivateKind[];
  readonly bytes: number;
  /** When it was last changed (ms since 1970). */
  readonly changedAt: number;
}

/** How a search stands. */
export interface PrivateSearch {
  /** Worst first is not known: in the order of their paths. At most {@link mostFiles}. */
  readonly files: readonly PrivateFile[];
  /** How many files were looked at. */
  readonly looked: number;
  /** How many files could not be looked into (unreadable, damaged, locked with a password, beyond the limits). */
  readonly unreadable: number;
  /** Whether everything was looked at that can be; while not, the search goes on in the background. */
  readonly isWhole: boolean;
  /** Places that could not be opened at all. */
  readonly shut: readonly PrivatePlace[];
}

/** More files than this nobody reads in a list; the search ends there. */
export const mostFiles = 500;
