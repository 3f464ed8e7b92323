import type { NoteCode, ReasonCode } from '../contract.ts';

/** What a finding of OpenClaw's audit is about: each has plain words as a reason and as a remark. */
export type AuditTopic = Extract<ReasonCode & NoteCode, `audit-${string}`>;

/**
 * Its findings by their makers' names, from the list in OpenClaw's own manual (2026.9.6); the first
 * that fits counts.
 */
const topics: readonly (readonly [RegExp, AuditTopic])[] = [
  [/^fs\./, 'audit-files'],
  [/^gateway\.control_ui\./, 'audit-web-pages'],
  [/^gateway\.tailscale_|^discovery\./, 'audit-exposed'],
  [/^gateway\.(password|token)_|^gateway\.auth_no_rate_limit|^config\.secrets\./, 'audit-weak-key'],
  [/^hooks\.(token_|path_root)/, 'audit-weak-key'],
  [/^gateway\.(bind_no_auth|loopback_no_auth|http\.|trusted_prox|real_ip)/, 'audit-open-door'],
  [/^gateway\.(nodes|tools_invoke_http)\./, 'audit-tools'],
  [/^hooks\.installs_/, 'audit-add-ons'],
  [/^hooks\./, 'audit-strangers'],
  [/^browser\.|^sandbox\.browser_/, 'audit-browser'],
  [/^sandbox\./, 'audit-inner-walls'],
  [/^channels\.|^security\.(exposure|trust_model)\.|^tools\.elevated\./, 'audit-strangers'],
  [/^(plugins|skills)\./, 'audit-add-ons'],
  [/^tools\./, 'audit-tools'],
  [/^models\./, 'audit-model'],
  [/^config\.insecure_or_dangerous_flags/, 'audit-dangerous-switch'],
];

/** What a finding is about; pure. */
export function topicOf(checkId: string): AuditTopic {
  return topics.find(([pattern]) => pattern.test(checkId))?.[1] ?? 'audit-other';
}
