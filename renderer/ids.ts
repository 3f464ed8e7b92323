/**
 * Lists of contract.ts that a first picture needs. There they stand among the
 * schemas, and to build those costs more than to draw the page; a test keeps
 * the lists equal. Whatever parses input imports contract.ts itself, when asked.
 */
import type { GuideItem, ModelChoice, SettingsPage } from '../main/contract.ts';

/** The published guide's six items, in its order. */
export const guideItems = [
  'isolated',
  'not-exposed',
  'least-privilege',
  'trusted-skills',
  'no-private-data',
  'up-to-date',
] as const satisfies readonly GuideItem[];

/** Who can answer for the agent, in the order they are offered. */
export const modelProviders = [
  'later',
  'openai',
  'anthropic',
  'deepseek',
  'moonshot',
  'qwen',
  'zai',
  'volcengine',
  'custom',
] as const satisfies readonly ModelChoice['provider'][];

/** Pages of the system's own settings that can be asked for. */
export const settingsPages = [
  'accessibility',
  'screen-recording',
  'login-items',
] as const satisfies readonly SettingsPage[];
