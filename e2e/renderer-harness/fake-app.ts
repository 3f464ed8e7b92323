/** A `window.app` without main behind it: shows a fixture, remembers what it was asked, answers a little. */
import type { AppBridge, Intent, Snapshot } from '../../main/contract.ts';
import { cases, lookedAt } from './fixtures.ts';

declare global {
  interface Window {
    harness: { show(snapshot: Snapshot): void; readonly sent: Intent[]; refuseNext: boolean };
  }
}

const query = new URLSearchParams(location.search);
const picked = cases[query.get('case') ?? 'welcome'] ?? cases.welcome;
if (picked === undefined) throw new Error('no such case');
let now: Snapshot = {
  ...picked.snapshot,
  choices: {
    ...picked.snapshot.choices,
    ...(query.get('lang') === 'zh-CN' ? { language: 'zh-CN' } : {}),
    ...(query.get('look') === 'dark' ? { appearance: 'dark' } : {}),
  },
};
const listeners = new Set<(snapshot: Snapshot) => void>();
const show = (next: Snapshot) => {
  now = next;
  for (const tell of listeners) tell(now);
};
window.harness = { show, sent: [], refuseNext: false };

function answer(intent: Intent): void {
  const { choices } = now;
  if (intent.do === 'save-choices') {
    show({ ...now, choices: { ...choices, ...JSON.parse(JSON.stringify(intent.choices)) } });
  }
  if (intent.do === 'move-in') show({ ...now, choices: { ...choices, movedIn: true } });
  if (intent.do === 'set-up') show({ ...now, choices: { ...choices, agreed: true } });
  if (intent.do === 'remove') show({ ...now, choices: { ...choices, agreed: false, movedIn: false } });
  if (intent.do === 'dismiss' || intent.do === 'cancel' || intent.do === 'answer') {
    show({ ...now, work: { is: 'idle' } });
  }
  if (intent.do === 'stop') show({ ...now, light: 'stopped', choices: { ...choices, stopped: true } });
  if (intent.do === 'start') show({ ...now, light: 'good', choices: { ...choices, stopped: false } });
}

const bridge: AppBridge = {
  async do(intent) {
    window.harness.sent.push(intent);
    if (window.harness.refuseNext) {
      window.harness.refuseNext = false;
      const facts = { path: '/home/lin/Documents' };
      return { ok: false, problem: { code: 'folder-not-allowed', facts, next: ['choose-folder'] } };
    }
    answer(intent);
    return { ok: true };
  },
  async snapshot() {
    return now;
  },
  onSnapshot(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  drawn() {},
};
Object.defineProperty(window, 'app', { value: bridge });

// The fixtures were looked at two minutes ago, whenever this runs.
Date.now = () => lookedAt + 130_000;
