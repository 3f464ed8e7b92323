import { describe, expect, it } from 'vitest';
import { auditFrom } from '../openclaw/audit.ts';
import { movedInMachine } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import type { Machine } from '../testing/machine.ts';
import { topicOf } from './audit-topics.ts';
import { judgeAudit, openClawAudit } from './openclaw-audit.ts';

const version = '2026.9.6';
const withCritical = async (...ids: string[]): Promise<Machine> => {
  const machine = await movedInMachine();
  machine.critical.set(version, ids);
  return machine;
};
const printed = (findings: unknown, truncated = false) =>
  auditFrom({
    exitCode: 0,
    untrustedOut: `(node:1) warning\n${JSON.stringify({ findings })}`,
    untrustedErr: '',
    truncated,
  });

describe('openclaw-audit', () => {
  it('is content with an OpenClaw as it comes', async () => {
    expect(await check(openClawAudit, await movedInMachine())).toMatchObject({ is: 'ok', notes: [] });
  });

  it('says in plain words what is critical, with the audit’s own in evidence', async () => {
    const finding = await check(openClawAudit, await withCritical('channels.telegram.dm.open', 'fs.x'));
    expect(finding).toMatchObject({
      is: 'broken',
      gravity: 'danger',
      why: 'audit-strangers',
      facts: { count: 2 },
      evidence: [{ code: 'audit-asked' }, { code: 'audit-critical', facts: { words: 'Grave' } }, {}],
    });
  });

  it('makes remarks of warnings, one for each thing', async () => {
    const machine = await movedInMachine();
    machine.warnings = ['tools.exec.a', 'tools.exec.b', 'models.legacy'];
    expect(await check(openClawAudit, machine)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'audit-tools' }, { code: 'audit-model' }],
    });
  });

  it('has a general sentence for what it does not know, and shows no id that can’t be one', () => {
    const seen = printed([
      { checkId: 'a new <b>one</b>\u202E', severity: 'critical', title: 'x\u0000y'.repeat(99) },
    ]);
    const finding = expectWhole(judgeAudit(seen, 1));
    expect(finding).toMatchObject({ why: 'audit-other', facts: { id: '?' } });
    expect(String(finding.evidence[1]?.facts.words)).toMatch(/^[xy]{80}…$/);
  });

  it('can’t tell from garbage or half an answer', () => {
    for (const seen of [printed('x'), printed([{ checkId: 1, severity: 'warn' }]), printed([], true)])
      expect(judgeAudit(seen, 1)).toMatchObject({ is: 'unknown', why: 'audit-unreadable' });
  });

  it('wants nothing left out', () => {
    const seen = printed([{ checkId: 'security.audit.suppressions.active', severity: 'info', title: '' }]);
    expect(judgeAudit(seen, 1)).toMatchObject({ is: 'broken', gravity: 'attention', why: 'audit-hushed' });
  });

  it('is put right by its own repair and then ours', async () => {
    const machine = await withCritical('fs.config.perms_writable', 'gateway.bind_no_auth');
    expect(await fix(openClawAudit, machine)).toMatchObject({ is: 'done' });
    expect(machine.home?.isRunning).toBe(true);
    expect(await check(openClawAudit, machine)).toMatchObject({ is: 'ok' });
  });

  it('leaves a home alone whose audit only took too long', async () => {
    const { is, calls } = await fix(openClawAudit, await movedInMachine());
    expect(is).toBe('done');
    expect(calls).not.toContain('sandbox.stop');
  });
});

describe('topicOf', () => {
  it.each([
    ['fs.state_dir.perms_world_writable', 'audit-files'],
    ['gateway.control_ui.allowed_origins_required', 'audit-web-pages'],
    ['gateway.bind_no_auth', 'audit-open-door'],
    ['gateway.tailscale_funnel', 'audit-exposed'],
    ['gateway.token_too_short', 'audit-weak-key'],
    ['hooks.token_reuse_gateway_token', 'audit-weak-key'],
    ['gateway.loopback_no_auth', 'audit-open-door'],
    ['gateway.nodes.allow_commands_dangerous', 'audit-tools'],
    ['hooks.request_session_key_enabled', 'audit-strangers'],
    ['browser.control_no_auth', 'audit-browser'],
    ['sandbox.dangerous_bind_mount', 'audit-inner-walls'],
    ['security.exposure.open_groups_with_elevated', 'audit-strangers'],
    ['tools.elevated.allowFrom.telegram.wildcard', 'audit-strangers'],
    ['plugins.code_safety.entry_escape', 'audit-add-ons'],
    ['models.small_params', 'audit-model'],
    ['config.insecure_or_dangerous_flags', 'audit-dangerous-switch'],
    ['something.new', 'audit-other'],
  ])('%s is about %s', (checkId, topic) => {
    expect(topicOf(checkId)).toBe(topic);
  });
});
