/** Why a gateway ended or would not start, as far as its last words tell. */
export type Diagnosis =
  | 'config-missing'
  | 'config-invalid'
  | 'no-token'
  | 'lease-held'
  /** It could not renew its own lease in time: the computer was busy with other things. */
  | 'lease-lost'
  | 'not-its-files'
  | 'newer-state'
  | 'disk-full'
  | 'unknown';

/** OpenClaw's last words, seen on 2026.9.6; on one line the first that fits counts. */
const lastWords: readonly (readonly [RegExp, Diagnosis])[] = [
  [/Missing config\. Run/, 'config-missing'],
  [
    /JSON5 parse failed|config is invalid|existing config is missing gateway\.mode|Invalid config/i,
    'config-invalid',
  ],
  [
    /Refusing to bind gateway to \w+ without auth|secret.*(unresolved|not found|could not be resolved)/i,
    'no-token',
  ],
  [/owner lease is still active|startup migrations are already running/, 'lease-held'],
  [/lease heartbeat|lost its [\w ]*lease|lease (?:was |is |has )?(?:lost|expired)/i, 'lease-lost'],
  [/ENOSPC|EDQUOT|no space left on device|database or disk is full/i, 'disk-full'],
  [/EACCES|permission denied|readonly database|unable to open database/i, 'not-its-files'],
  [/newer (database )?schema|created by a newer|cannot read the existing state/i, 'newer-state'],
];

/**
 * Reads the last lines of a gateway's log; pure. The log is untrusted and only matched, never shown.
 * It may reach back into runs before the last one, so the last line that says something counts.
 */
export function diagnose(untrustedLog: string): Diagnosis {
  for (const line of untrustedLog.split('\n').reverse()) {
    const words = lastWords.find(([pattern]) => pattern.test(line));
    if (words) return words[1];
  }
  return 'unknown';
}
