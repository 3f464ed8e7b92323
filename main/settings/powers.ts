/** What OpenClaw's settings allow it, in the order in which it matters. */
import type { SettingPath } from './path.ts';

/** What a change of settings may be about; each has its own sentence. */
export const powers = [
  'commands',
  'tools',
  'model',
  'keys',
  'gateway',
  'channel',
  'plugin',
  'skill',
  'services',
  'devices',
  'browser',
  'by-itself',
  'folders',
  'update',
  'other',
] as const;
export type Power = (typeof powers)[number];

type Rule = readonly [Power, RegExp];

/**
 * By the beginning of a path with dots. The group, where there is one, names what it is about. The keys are those
 * of OpenClaw 2026.8.2 (its `zod-schema`); what they don't name is told by its path.
 */
const rules: readonly Rule[] = [
  ['commands', /^(?:tools|agents\.(?:defaults|entries\.[^.]*|list)\.tools)\.(?:exec|elevated|shell)\b/],
  ['commands', /^(?:approvals|commands)\b/],
  ['commands', /^agents\.(?:defaults|entries\.[^.]*)\.sandbox\b/],
  ['browser', /^(?:browser|tools\.(?:browser|web))\b/],
  ['services', /^(?:mcp|tools\.mcp)\.servers\.([^.]+)/],
  ['services', /^(?:mcp|tools\.mcp|acp|cloudWorkers|proxy|telemetry|diagnostics)\b/],
  ['tools', /^tools\b/],
  ['tools', /^agents\.(?:defaults|entries\.[^.]*)\.tools\b/],
  ['model', /^models\.providers\.([^.]+)/],
  ['model', /^(?:models\b|agents\.(?:defaults|entries\.[^.]*)\.(?:model|models|imageModel)\b)/],
  ['keys', /^(?:secrets|auth|env)\b/],
  ['gateway', /^(?:gateway|discovery|security)\b/],
  ['channel', /^channels\.([^.]+)/],
  ['channel', /^(?:channels|accessGroups|bindings|broadcast)\b/],
  ['plugin', /^plugins\.entries\.([^.]+)/],
  ['plugin', /^plugins\b/],
  ['skill', /^skills\.entries\.([^.]+)/],
  ['skill', /^skills\b/],
  ['devices', /^(?:nodeHost|desktop|talk|tts)\b/],
  ['by-itself', /^(?:cron|hooks|agents\.(?:defaults|entries\.[^.]*)\.heartbeat)\b/],
  ['folders', /^agents\.(?:defaults|entries\.[^.]*)\.(?:workspace|agentDir|cwd)\b/],
  ['update', /^update\b/],
];

/** What a setting is about, and how much that matters (0: most); pure. */
export function powerOf(path: SettingPath): {
  readonly power: Power;
  readonly name: string;
  readonly rank: number;
} {
  const whole = path.join('.');
  for (const [power, rule] of rules) {
    const match = rule.exec(whole);
    if (match) return { power, name: match[1] ?? whole, rank: powers.indexOf(power) };
  }
  return { power: 'other', name: whole, rank: powers.indexOf('other') };
}
