/** The words in which ClawCove speaks of its own releases. */

/** Why what was said of a release is not believed: each is a problem and a reason with sentences of its own. */
export const appRefusals = ['app-unsigned', 'app-expired', 'app-went-back'] as const;
export type AppRefusal = (typeof appRefusals)[number];

/** Whether ClawCove can bring itself up to date; if not, whose business that is. */
export type AppAbility =
  | { readonly is: 'able' }
  | {
      readonly is: 'left-to-others';
      readonly why: 'app-from-source' | 'app-by-system' | 'app-without-source';
    };

/** The newest release. */
export interface AppRelease {
  readonly version: string;
  /** Whether it is this computer's turn: a release goes out to a share of the computers first, and to all with known holes. */
  readonly isOurTurn: boolean;
  /** Versions before this one have known holes; null: none are known. */
  readonly safeFrom: string | null;
}

/** How far a newer ClawCove has come on this computer. */
export type AppStanding =
  | { readonly is: 'none' }
  /** Downloaded and verified; the next end of ClawCove puts it in its place. */
  | { readonly is: 'ready'; readonly version: string }
  /** In its place, and started as soon as no work runs. */
  | { readonly is: 'restarting'; readonly version: string }
  /** In its place: whoever starts ClawCove next starts it. */
  | { readonly is: 'next-start'; readonly version: string };
