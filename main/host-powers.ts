/**
 * Powers over the person's desktop that an agent must not have, however well its home is closed: whoever may
 * work the other programs, or see the screen, needs no way out. They are lent by a program outside the home.
 */

/** Pages of a system's own settings that ClawCove ever opens. */
export const settingsPages = ['accessibility', 'screen-recording', 'login-items'] as const;
export type SettingsPage = (typeof settingsPages)[number];

/** What a system says of one of them. */
export type PowerState =
  /** This system has no such permission that a program could be given. */
  | { readonly is: 'none-here' }
  | { readonly is: 'off' }
  /**
   * `by`: which program lends it to the agent; as its makers call it, never a name that anybody chose.
   * `settings`: where the person takes it back; null: in that program itself.
   */
  | { readonly is: 'on'; readonly by: string; readonly settings: SettingsPage | null }
  | { readonly is: 'unreadable'; readonly detail: string };

/**
 * What was seen of the programs that could lend OpenClaw more than its home has. `node`: OpenClaw's own word
 * for a program outside that runs its commands on that computer. Source: docs.openclaw.ai, "Nodes".
 */
export interface PowersSeen {
  /** Working other programs in the person's place. */
  readonly accessibility: PowerState;
  /** Seeing the whole screen. */
  readonly screen: PowerState;
  readonly node: PowerState;
}
