import { agentAccount } from './agent-account.ts';
import { agentVersion } from './agent-version.ts';
import { appCurrent } from './app-current.ts';
import { automaticUpdates } from './automatic-updates.ts';
import { backupRecent } from './backup-recent.ts';
import { computerDedicated } from './computer-dedicated.ts';
import { engineReady } from './engine-ready.ts';
import { folderDedicated } from './folder-dedicated.ts';
import { gatewayLocalOnly } from './gateway-local-only.ts';
import { gatewayLocked } from './gateway-locked.ts';
import { gatewayRunning } from './gateway-running.ts';
import { hostClean } from './host-clean.ts';
import { hostPowersOff } from './host-powers-off.ts';
import { networkFenced } from './network-fenced.ts';
import { notAdministrator } from './not-administrator.ts';
import { openClawAudit } from './openclaw-audit.ts';
import { privateData } from './private-data.ts';
import { roomToWork } from './room-to-work.ts';
import type { Safeguard } from './safeguard.ts';
import { sandboxExists } from './sandbox-exists.ts';
import { sandboxHardened } from './sandbox-hardened.ts';
import { sandboxPatched } from './sandbox-patched.ts';
import { settingsAgreed } from './settings-agreed.ts';
import { skillsTrusted } from './skills-trusted.ts';

/**
 * The table: at once the setup plan, the standing checklist, the Fix buttons and
 * the report. Read it from top to bottom and you have read what ClawCove does.
 */
export const safeguards: readonly Safeguard[] = [
  notAdministrator,
  roomToWork,
  engineReady,
  folderDedicated,
  privateData,
  sandboxExists,
  sandboxHardened,
  agentAccount,
  hostPowersOff,
  gatewayRunning,
  networkFenced,
  gatewayLocalOnly,
  gatewayLocked,
  hostClean,
  computerDedicated,
  skillsTrusted,
  settingsAgreed,
  openClawAudit,
  agentVersion,
  sandboxPatched,
  automaticUpdates,
  backupRecent,
  appCurrent,
];
