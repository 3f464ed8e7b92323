import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** Last words as OpenClaw 2026.9.6 said them. */
const lastWords: [Diagnosis, string, string][] = [
  [
    'config-missing',
    'an empty volume',
    'Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured).',
  ],
  [
    'no-token',
    'the token removed from configuration and environment',
    `2026-11-22T13:56:43.239+00:00 [gateway] loading configuration…
2026-11-22T13:56:43.566+00:00 [gateway] resolving authentication…
2026-11-22T13:56:43.578+00:00 Refusing to bind gateway to lan without auth.
Container environment detected — the gateway defaults to bind=auto (0.0.0.0) for port-forwarding compatibility.
Set OPENCLAW_GATEWAY_TOKEN or OPENCLAW_GATEWAY_PASSWORD, or pass --token/--password *** start with auth.`,
  ],
  [
    'no-token',
    'auth.mode none',
    `2026-11-22T13:57:07.413+00:00 [gateway] auth mode=none explicitly configured; all gateway connections are unauthenticated.
2026-11-22T13:57:07.422+00:00 Refusing to bind gateway to lan without auth.
Container environment detected — the gateway defaults to bind=auto (0.0.0.0) for port-forwarding compatibility.`,
  ],
  [
    'config-invalid',
    'broken JSON, at start',
    `2026-11-22T13:57:24.070+00:00 [gateway] resolving authentication…
2026-11-22T13:57:24.077+00:00 Gateway start blocked: existing config is missing gateway.mode. Treat this as suspicious or clobbered config. Re-run \`openclaw onboard --mode local\` or \`openclaw setup\`, set gateway.mode=local manually, or pass --allow-unconfigure
2026-11-22T13:57:24.080+00:00 Config write audit: SQLite diagnostic_events/config-audit state (latest 50000 rows)`,
  ],
  [
    'config-invalid',
    'broken JSON, as the validator says it',
    `    "message": "OpenClaw config is invalid: ~/.openclaw/openclaw.json"
      "message": "JSON5 parse failed: SyntaxError: JSON5: invalid end of input at 2:1"`,
  ],
  [
    'lease-held',
    'killed, then created anew',
    `\u001b[90m2026-11-22T14:03:37.017+00:00\u001b[39m \u001b[36m[gateway]\u001b[39m \u001b[33mwrote stability bundle: /home/openclaw/.openclaw/logs/stability/openclaw-stability-2026-11-22T14-03-37-007Z-15-gateway.startup_failed.json\u001b[39m
2026-11-22T14:03:37.027+00:00 Gateway failed to start: Another Gateway owner lease is still active for this state directory. Run openclaw gateway status --deep for diagnostics.`,
  ],
  [
    'lease-held',
    'killed in the middle of a migration',
    `OpenClaw startup migrations are already running for this state directory; retry after the other OpenClaw process finishes or after 2026-11-22T13:19:10.817Z. (held by pid 14)
\u001b[36m[gateway]\u001b[39m \u001b[31mrequires state migration. Stop the service with openclaw gateway stop (or its service owner), then run openclaw doctor --fix, then start it again with openclaw gateway start.\u001b[39m
Gateway failed to start: OpenClaw startup migrations are already running for this state directory; retry after the other OpenClaw process finishes or after 2026-11-22T13:19:10.817Z. (held by pid 14) | gateway.maintenance_required. Stop the service with openclaw gateway stop (or its service owner), then run openclaw doctor --fix, then start it again with openclaw gateway start.`,
  ],
  [
    'lease-lost',
    'a computer that had no time for it',
    'Gateway failed to start: state lease heartbeat startup deadline expired or owner stopped',
  ],
  ['lease-lost', 'a while later', 'Error: state lease heartbeat no longer owns its lease'],
  ['lease-lost', 'at a database', 'Agent database open lost its runtime lease: agents/main/agent.sqlite'],
  [
    'disk-full',
    'no room for the database',
    '2026-11-22T13:59:49.886+00:00 [gateway] failed to settle pending agent input: Error: database or disk is full: code=ERR_SQLITE_ERROR',
  ],
  [
    'disk-full',
    'no room for files',
    '2026-11-22T14:00:35.409+00:00 [gateway] Control UI asset retention failed: ENOSPC: no space left on device, write',
  ],
  [
    'not-its-files',
    'ran as root before',
    "Error: EACCES: permission denied, open '/home/openclaw/.openclaw/x'",
  ],
  ['not-its-files', 'a database of somebody else', 'SqliteError: attempt to write a readonly database'],
  ['newer-state', 'an older version on newer state', 'state was created by a newer OpenClaw'],
];

describe('diagnose', () => {
  it.each(lastWords)('%s: %s', (diagnosis, _, words) => {
    expect(diagnose(words)).toBe(diagnosis);
    expect(diagnose(words.replaceAll('\n', '\r\n'))).toBe(diagnosis);
  });

  it('heeds the last run, when the log reaches back into runs before it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lastWords), fc.constantFrom(...lastWords), (before, last) => {
        expect(diagnose(`${before[2]}\n${last[2]}`)).toBe(last[0]);
      }),
    );
  });

  it('claims nothing where the words are not known', () => {
    expect(diagnose('')).toBe('unknown');
    expect(diagnose('2026-11-22T14:00:34.837+00:00 [gateway] ready\n[heartbeat] started')).toBe('unknown');
  });

  it('takes anything, however long, without trouble', () => {
    fc.assert(fc.property(fc.string(), (log) => diagnose(log).length > 0));
    const begun = performance.now();
    diagnose(`secret${' unresolve'.repeat(100_000)}`);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
