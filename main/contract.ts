/**
 * The contract between main and everything that shows or commands it: the
 * Snapshot that main pushes, the Intents that a view may send, and their parts.
 *
 * Both ends derive their types from these schemas. It is the only module of
 * main/ that renderer/ may import, so it imports nothing that touches the
 * computer. Codes travel; sentences live in assets/text/*.json, and the code
 * types are that file's keys, so a code without a sentence does not compile.
 */
import * as z from 'zod';
import type en from '../assets/text/en.json';
import { settingsPages } from './host-powers.ts';
import { Profile } from './moving-in/found.ts';
import { privateKinds, privatePlaces } from './private-data/found.ts';
import { powers } from './settings/powers.ts';

type Text = typeof en;
export type ReasonCode = keyof Text['reason'];
export type EvidenceCode = keyof Text['evidence'];
export type NoteCode = keyof Text['note'];
export type StepCode = keyof Text['step'];
export type ProblemCode = keyof Text['problem'];
export type ChangeCode = keyof Text['change'];
export type PutBackCode = keyof Text['put-back'];
export type StopperCode = keyof Text['stopper'];
export type UntriedCode = keyof Text['untried'];
export type OfferCode = keyof Text['offer'];
export type NeedCode = keyof Text['need'];

const code = <T extends string>() => z.custom<T>((value) => typeof value === 'string');

/** What a sentence is filled with. Untrusted text must be bounded before it comes in here. */
export const Facts = z.record(z.string(), z.union([z.string(), z.number()]));
export type Facts = z.infer<typeof Facts>;

/** The table's rows in setup order; `safeguards/index.ts` holds the rows themselves. */
export const safeguardIds = [
  'not-administrator',
  'room-to-work',
  'engine-ready',
  'folder-dedicated',
  'private-data',
  'sandbox-exists',
  'sandbox-hardened',
  'agent-account',
  'host-powers-off',
  'gateway-running',
  'network-fenced',
  'gateway-local-only',
  'gateway-locked',
  'host-clean',
  'computer-dedicated',
  'skills-trusted',
  'settings-agreed',
  'openclaw-audit',
  'agent-version',
  'sandbox-patched',
  'automatic-updates',
  'backup-recent',
  'app-current',
] as const;
export const SafeguardId = z.enum(safeguardIds);
export type SafeguardId = z.infer<typeof SafeguardId>;

/** The published guide's six items, in its order. */
export const guideItems = [
  'isolated',
  'not-exposed',
  'least-privilege',
  'trusted-skills',
  'no-private-data',
  'up-to-date',
] as const;
export const GuideItem = z.enum(guideItems);
export type GuideItem = z.infer<typeof GuideItem>;

/** One thing that was looked at: what, when (ms since 1970), and what was seen (in `facts`). */
export const Evidence = z.object({ code: code<EvidenceCode>(), facts: Facts, at: z.number() });
export type Evidence = z.infer<typeof Evidence>;

/** A remark on something that holds, e.g. what stands in for a limit this system can't enforce. */
export const Note = z.object({ code: code<NoteCode>(), facts: Facts });
export type Note = z.infer<typeof Note>;

/** `danger`: somebody could get hurt now. `attention`: not as promised, but nobody is exposed. */
export const Gravity = z.enum(['danger', 'attention']);
export type Gravity = z.infer<typeof Gravity>;

/**
 * The answer of one look. `unknown` ("could not look") is a third answer: never green, never red.
 * `not-applicable`: here it is nobody's fault and nothing to find out, so it dims no light.
 */
export const Finding = z.discriminatedUnion('is', [
  z.object({ is: z.literal('ok'), evidence: z.array(Evidence), notes: z.array(Note) }),
  z.object({
    is: z.literal('broken'),
    why: code<ReasonCode>(),
    facts: Facts,
    gravity: Gravity,
    evidence: z.array(Evidence),
  }),
  z.object({ is: z.literal('unknown'), why: code<ReasonCode>(), facts: Facts, evidence: z.array(Evidence) }),
  z.object({
    is: z.literal('not-applicable'),
    why: code<ReasonCode>(),
    facts: Facts,
    evidence: z.array(Evidence),
  }),
]);
export type Finding = z.infer<typeof Finding>;
/** What is not as promised, or may not be. */
export type Doubt = Extract<Finding, { is: 'broken' | 'unknown' }>;

/** One safeguard as a view shows it. */
export const Row = z.object({
  id: SafeguardId,
  guide: z.array(GuideItem),
  /** null until it has been looked at since ClawCove started. */
  finding: Finding.nullable(),
  /** The cause, when this row only suffers from another one that is not ok. */
  blame: SafeguardId.nullable(),
  /** Whether ClawCove can put it right itself. */
  fixable: z.boolean(),
});
export type Row = z.infer<typeof Row>;

/** Why a new version of OpenClaw was not kept. */
export const PutBack = code<PutBackCode>();

/** What a person can do next about a problem; each is a button with an intent behind it. */
export const NextStep = z.enum([
  'try-again',
  'check-now',
  'choose-folder',
  'give-model-key',
  'open-log',
  'copy-commands',
]);
export type NextStep = z.infer<typeof NextStep>;

/** What went wrong, as data: the sentences say what happened, what it means and what to do. */
export const Problem = z.object({ code: code<ProblemCode>(), facts: Facts, next: z.array(NextStep) });
export type Problem = z.infer<typeof Problem>;

/** What isolates, as it is called in every language. */
export const EngineName = z.enum(['Podman', 'Docker', 'QEMU', 'WSL', 'Lima', 'SSH']);
export type EngineName = z.infer<typeof EngineName>;

/** The compiled list of things that ClawCove ever asks an administrator's consent for. */
export const AdminTaskId = z.enum([
  'install-engine',
  'grant-subordinate-ids',
  'install-machine-engine',
  'grant-virtualization',
  'dedicate-computer',
  'undedicate-computer',
]);
export type AdminTaskId = z.infer<typeof AdminTaskId>;

/**
 * How a home is kept apart: by this computer's own system (`container`), by a system of its own on this computer, or by
 * being on another computer altogether.
 */
export const HomeKind = z.enum(['container', 'virtual-machine', 'other-computer']);
export type HomeKind = z.infer<typeof HomeKind>;

/** What a home by an engine still needs, for the person to read. */
export const Need = z.object({ code: code<NeedCode>(), facts: Facts });
export type Need = z.infer<typeof Need>;

/**
 * One kind of home that this system can have. `recommended`: the one that ClawCove would take; `possible`: this one
 * would do, too; `not-here`: something that nobody can put right with a click is in its way, and stands in `needs`.
 */
export const HomeOffer = z.object({
  engine: EngineName,
  kind: HomeKind,
  is: z.enum(['recommended', 'possible', 'not-here']),
  why: code<OfferCode>(),
  needs: z.array(Need),
});
export type HomeOffer = z.infer<typeof HomeOffer>;

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
] as const;
/**
 * One service nearby that the person lets OpenClaw reach: an IPv4 address or a name, and a TCP port. Never this
 * very computer's inner address, which means the home itself in there, or everybody at once.
 */
export const NearbyService = z
  .string()
  .max(260)
  .refine((text) => {
    const [, host = '', port = ''] = /^([a-z\d.-]+):([1-9]\d{0,4})$/.exec(text) ?? [];
    if (Number(port) < 1 || Number(port) > 65_535) return false;
    if (/^[\d.]+$/.test(host)) return isOneComputer(host.split('.'));
    return host !== 'localhost' && host.split('.').every((part) => hostPart.test(part));
  });

/** One part of a name for a computer. Source: RFC 1123. */
const hostPart = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/** Whether numbers are the IPv4 address of a computer other than oneself: no loopback, no group, no nobody. */
function isOneComputer(numbers: readonly string[]): boolean {
  if (
    numbers.length !== 4 ||
    !numbers.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  )
    return false;
  const first = Number(numbers[0]);
  return first !== 0 && first !== 127 && first < 224 && !(first === 169 && numbers[1] === '254');
}

/** A name or an IPv4 address of another computer, as ssh takes it: never an option, never this very computer. */
const ComputerAddress = z
  .string()
  .max(253)
  .refine((text) => {
    if (/^[\d.]+$/.test(text)) return isOneComputer(text.split('.'));
    return text !== 'localhost' && text.split('.').every((part) => hostPart.test(part));
  });

/** The account there that may become its administrator. Source: useradd(8). */
const AccountName = z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/);

/** Another computer that is to be there for OpenClaw alone, as its person names it. */
export const OtherComputer = z.strictObject({
  host: ComputerAddress,
  /** TCP port of its SSH. */
  port: z.int().min(1).max(65_535),
  account: AccountName,
});
export type OtherComputer = z.infer<typeof OtherComputer>;

/**
 * What shows that somebody lives with a computer: several people's accounts, browsers with a history, mail, folders
 * that are copied elsewhere, conversations, password safes, more than a few documents.
 */
export const lifeSigns = [
  'accounts',
  'browser',
  'mail',
  'synced',
  'messages',
  'passwords',
  'documents',
] as const;
export type LifeSign = (typeof lifeSigns)[number];

/** More than this many ways through are no fence any more. */
export const maxNearbyServices = 20;

/** What nobody sees in an address, or what makes a terminal or a reader show another one. */
const unseen = /[\p{C}\p{Z}]/u;

/** Whether nothing makes an address look like another place than the one where a key would be used. */
function isPlainAddress(address: string): boolean {
  if (unseen.test(address) || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username === '' && password === '';
}

/** Who answers for the agent. `custom` is any OpenAI-compatible server the person names. */
export const ModelChoice = z.discriminatedUnion('provider', [
  z.object({ provider: z.enum(modelProviders).exclude(['custom']) }),
  z.object({
    provider: z.literal('custom'),
    baseUrl: z.string().max(500).refine(isPlainAddress),
    modelId: z.string().regex(/^[\w./:@-]{1,200}$/),
  }),
]);
export type ModelChoice = z.infer<typeof ModelChoice>;

export const Language = z.enum(['en', 'zh-CN']);
export type Language = z.infer<typeof Language>;

/** Which of OpenClaw's releases are offered: its makers' words for them. Their `dev` is nothing to live on. */
export const Channel = z.enum(['stable', 'extended-stable', 'beta']);
export type Channel = z.infer<typeof Channel>;

/** What the person decided; kept on disk. Nothing here says how far setup has come. */
export const Choices = z.object({
  /** What keeps the home apart. */
  engine: EngineName,
  /** The one that is there for OpenClaw alone; null: the person has named none. */
  otherComputer: OtherComputer.nullable(),
  /** This very computer is there for OpenClaw alone. */
  isDedicated: z.boolean(),
  language: Language,
  appearance: z.enum(['system', 'light', 'dark']),
  startAtLogin: z.boolean(),
  model: ModelChoice,
  /** TCP port of the gateway, the same inside and outside (the Control UI checks its origin). */
  port: z.int().min(1024).max(65535),
  /** The one folder of this computer that OpenClaw can see; absolute. Set by main's own dialog only. */
  sharedFolder: z.string().min(1).max(4096),
  /** The person read the review and pressed the button: setup may go on by itself after a restart. */
  agreed: z.boolean(),
  /** The person saw that setup is done and went home. */
  movedIn: z.boolean(),
  /** The person stopped OpenClaw on purpose, so its silence is not a fault. */
  stopped: z.boolean(),
  /** Services nearby that OpenClaw may reach: `192.168.1.20:445`, `nas.local:8080`. */
  nearbyServices: z.array(NearbyService).max(maxNearbyServices),
  channel: Channel,
  /** ClawCove brings OpenClaw up to date by itself. */
  automaticUpdates: z.boolean(),
  /** Hour of the person's day (0–23, their own time) at which that happens. */
  updateHour: z.int().min(0).max(23),
  /** Until then (ms since 1970) no update comes by itself: the person wants to wait. */
  postponedUntil: z.number().nullable(),
});
export type Choices = z.infer<typeof Choices>;
/** The choices that a view may set. */
export const ViewChoices = Choices.pick({
  isDedicated: true,
  language: true,
  appearance: true,
  startAtLogin: true,
  model: true,
  channel: true,
  automaticUpdates: true,
  updateHour: true,
  nearbyServices: true,
})
  .partial()
  .strict();
export type ViewChoices = z.infer<typeof ViewChoices>;

/** What was seen of this computer (sizes in bytes). */
export const Computer = z.object({
  systemName: z.string(),
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  freeDiskBytes: z.number(),
  virtualization: z.boolean(),
});
export type Computer = z.infer<typeof Computer>;

/**
 * How much of something there will be: `said` by whoever offers it, `measured` once on an earlier version, or `unknown`
 * before it is there.
 */
const Size = z.discriminatedUnion('is', [
  z.object({ is: z.literal('said'), bytes: z.number() }),
  z.object({ is: z.literal('measured'), bytes: z.number() }),
  z.object({ is: z.literal('unknown') }),
]);
export type Size = z.infer<typeof Size>;

/** What setting up will do, for the person to agree to. */
export const Plan = z.object({
  changes: z.array(z.object({ code: code<ChangeCode>(), facts: Facts })),
  /** What it adds up from; sums of what is known of it follow. */
  parts: z.array(
    z.object({ what: z.enum(['engine', 'system', 'openclaw', 'state']), download: Size, disk: Size }),
  ),
  downloadBytes: z.number(),
  diskBytes: z.number(),
  /** What the home may take of the memory while it runs. */
  memoryBytes: z.number(),
  /** How large the home's own disk may grow; null: it has none, and takes what it writes of this computer's. */
  mostDiskBytes: z.number().nullable(),
  /** What the system will ask the administrator's password for, with the exact commands. */
  admin: z.array(z.object({ id: AdminTaskId, commands: z.array(z.string()) })),
  /** The OpenClaw on the computer itself that moves in; null: there is none, or the person has to be asked which. */
  movesIn: Profile.nullable(),
});
export type Plan = z.infer<typeof Plan>;

/** A name that anybody may have chosen, the agent too: bounded, nothing unseen in it. */
const UntrustedName = z.string().max(200);

/** What has changed in OpenClaw's settings in one regard: in how many of them, and what it is about. */
const SettingChange = z.object({ power: z.enum(powers), name: UntrustedName, count: z.number() });

/** An OpenClaw on the computer itself: the folder with all that it knows, and who wrote it. */
const FoundOpenClaw = z.object({
  profile: Profile,
  folder: z.string().max(4096),
  version: z.string().max(100).nullable(),
  runs: z.boolean(),
});

/** A question in the middle of work. */
export const Question = z.discriminatedUnion('is', [
  z.object({ is: z.literal('admin'), task: AdminTaskId, commands: z.array(z.string()) }),
  /** The key for the service that answers for this model. */
  z.object({ is: z.literal('model-key'), model: ModelChoice }),
  /** What has changed in OpenClaw's settings since the person agreed: `yes` puts it back, `keep` agrees. */
  z.object({ is: z.literal('settings-changed'), changes: z.array(SettingChange) }),
  /**
   * Which OpenClaw of the computer itself moves in: `move` names it, `keep` only puts all of them to rest.
   * `livedIn`: the safe home has memories of its own, which make room.
   */
  z.object({ is: z.literal('move-in'), found: z.array(FoundOpenClaw), livedIn: z.boolean() }),
  /** Whether the key that another computer has shown is really its own. */
  z.object({ is: z.literal('computer-key'), host: z.string(), fingerprint: z.string() }),
  /**
   * How ClawCove gets in there: by the account's password (`password`), or because somebody has run these
   * commands there (`yes`). `again`: why it didn't work just now.
   */
  z.object({
    is: z.literal('computer-let-in'),
    host: z.string(),
    account: z.string(),
    commands: z.array(z.string()),
    again: z.enum(['wrong-password', 'not-administrator', 'no-passwords', 'not-let-in']).nullable(),
  }),
  /** Whether a computer that shows these signs is there for OpenClaw alone all the same. */
  z.object({
    is: z.literal('computer-lived-in'),
    host: z.string(),
    signs: z.array(z.object({ sign: z.enum(lifeSigns), count: z.number() })),
  }),
]);
export type Question = z.infer<typeof Question>;

/** The person's answer; a key goes into the sandbox as a secret and nowhere else. */
export const Answer = z.discriminatedUnion('is', [
  z.object({ is: z.literal('yes') }),
  z.object({ is: z.literal('no') }),
  z.object({ is: z.literal('keep') }),
  z.object({ is: z.literal('move'), profile: Profile }),
  z.object({
    is: z.literal('model-key'),
    key: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[\x21-\x7e]+$/),
  }),
  /** Used once, to be let in; kept nowhere. One line, or it would be more than a password. */
  z.object({
    is: z.literal('password'),
    password: z
      .string()
      .min(1)
      .max(500)
      .regex(/^\P{Cc}+$/u),
  }),
]);
export type Answer = z.infer<typeof Answer>;

export const JobKind = z.enum([
  'set-up',
  'fix',
  'fix-all',
  'start',
  'stop',
  'remove',
  'open',
  'save-model',
  'save-nearby',
  'update',
  'back-up',
  'restore',
  'save-copy',
  'bring-in',
  'put-files-back',
  'undo-move-in',
  'move-home',
  'forget-former-home',
  'approve-skill',
  'distrust-skill',
  'prove',
]);
export type JobKind = z.infer<typeof JobKind>;

/** How far the running step is; `of` is null while the end isn't known. */
export const Progress = z.object({
  done: z.number(),
  of: z.number().nullable(),
  unit: z.enum(['bytes', 'seconds', 'files']),
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof Progress>;

export const Work = z.discriminatedUnion('is', [
  z.object({ is: z.literal('idle') }),
  z.object({
    is: z.literal('running'),
    job: JobKind,
    /** The safeguard being put right, where there is one. */
    safeguard: SafeguardId.nullable(),
    step: code<StepCode>(),
    progress: Progress.nullable(),
    canCancel: z.boolean(),
  }),
  z.object({ is: z.literal('asking'), job: JobKind, question: Question }),
  z.object({ is: z.literal('failed'), job: JobKind, safeguard: SafeguardId.nullable(), problem: Problem }),
]);
export type Work = z.infer<typeof Work>;

/** The one thing the tray shows. */
export const Light = z.enum(['good', 'attention', 'danger', 'working', 'stopped', 'unknown']);
export type Light = z.infer<typeof Light>;

/** What would go and what would stay if the person removed the home; either way of it, see `list-removal`. */
export const Removal = z.object({
  goes: z.array(z.object({ code: code<ChangeCode>(), facts: Facts })),
  stays: z.array(z.object({ code: code<ChangeCode>(), facts: Facts })),
});
export type Removal = z.infer<typeof Removal>;

/**
 * Why a backup was made; `set-aside`: the state of a version that was put back; `elsewhere`: the
 * person brought it in from a file; `moved-in`: it was an OpenClaw on the computer itself.
 */
export const BackupWhy = z.enum([
  'schedule',
  'person',
  'update',
  'restore',
  'set-aside',
  'elsewhere',
  'moved-in',
  'moved-home',
]);
export type BackupWhy = z.infer<typeof BackupWhy>;

/** The name of a backup: when it was made (or brought in), to the second, and why. Never a path. */
export const BackupId = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-(schedule|person|update|restore|set-aside|elsewhere|moved-in|moved-home)$/,
  );
export type BackupId = z.infer<typeof BackupId>;

/** One backup, as its own note in the backup folder says. */
export const Backup = z.object({
  id: BackupId,
  /** ms since 1970. */
  at: z.number(),
  why: BackupWhy,
  /** The OpenClaw it belongs to. */
  version: z.string().min(1).max(100),
  bytes: z.number(),
  /** When it was read back whole (ms since 1970); null: not yet. */
  verifiedAt: z.number().nullable(),
});
export type Backup = z.infer<typeof Backup>;

/** Stands for one skill or plugin with exactly the content that was seen; made by main. Never a name or a path. */
export const SkillId = z.string().regex(/^[0-9a-f]{24}$/);

/** A skill or plugin in the home that did not come with OpenClaw. */
export const SkillSeen = z.object({
  id: SkillId,
  kind: z.enum(['skill', 'plugin']),
  /** As it calls itself: plain text, bounded. */
  name: z.string().max(100),
  /** `changed`: on, and not any more what the person approved; `on`: they never did. */
  state: z.enum(['approved', 'changed', 'off', 'on']),
  /** When the person approved it as it is (ms since 1970); null: they did not. */
  at: z.number().nullable(),
});
export type SkillSeen = z.infer<typeof SkillSeen>;

/** What keeps an update of OpenClaw waiting. */
export const UpdateWait = z.enum([
  'cooling-off',
  'postponed',
  'stopped',
  'tried-lately',
  'battery',
  'metered',
  'agent-busy',
]);
export type UpdateWait = z.infer<typeof UpdateWait>;

/** How a version that is ready comes here; moments in ms since 1970. */
export const Coming = z.discriminatedUnion('is', [
  /** Updates by themselves are turned off. */
  z.object({ is: z.literal('by-hand') }),
  z.object({ is: z.literal('at'), at: z.number() }),
  z.object({ is: z.literal('waits'), why: UpdateWait.exclude(['cooling-off', 'postponed']) }),
]);
export type Coming = z.infer<typeof Coming>;

/** What there is to say of OpenClaw's versions; moments in ms since 1970. */
export const VersionNews = z.discriminatedUnion('is', [
  z.object({ is: z.literal('none') }),
  z.object({
    is: z.literal('available'),
    version: z.string(),
    publishedAt: z.number().nullable(),
    /** What runs has known holes: nobody should wait. */
    urgent: z.boolean(),
    coming: Coming,
  }),
  z.object({ is: z.literal('postponed'), version: z.string(), until: z.number() }),
  /** It did not work here; the one before is running, and it isn't tried again by itself. */
  z.object({ is: z.literal('failed'), version: z.string(), why: PutBack, at: z.number() }),
  /** It has come and is still watched: until then it may be put back. */
  z.object({ is: z.literal('watched'), version: z.string(), until: z.number() }),
  /** It has proved itself. */
  z.object({
    is: z.literal('updated'),
    version: z.string(),
    from: z.string(),
    at: z.number(),
    /** What is new in its makers' words: plain text, bounded; empty when they couldn't be read. */
    untrustedNotes: z.array(z.string().max(300)).max(8),
  }),
]);
export type VersionNews = z.infer<typeof VersionNews>;

/** The name of a file with private data among those that main shows: closed, never a path. */
export const PrivateFileId = z.string().regex(/^[0-9a-f]{16}$/);
export type PrivateFileId = z.infer<typeof PrivateFileId>;

/** A file within OpenClaw's reach that holds private data. */
export const FoundFile = z.object({
  id: PrivateFileId,
  place: z.enum(privatePlaces),
  untrustedName: UntrustedName,
  /** The file inside it (an archive's, a document's part) where it was found; null: in itself. */
  untrustedWithin: UntrustedName.nullable(),
  kinds: z.array(z.enum(privateKinds)),
});
export type FoundFile = z.infer<typeof FoundFile>;

/** A file that was moved out of OpenClaw's reach, and when (ms since 1970). */
export const KeptFile = z.object({
  id: PrivateFileId,
  place: z.enum(privatePlaces),
  untrustedName: UntrustedName,
  at: z.number(),
});
export type KeptFile = z.infer<typeof KeptFile>;

/** The first of a list, and how many there are in all. */
const beginningOf = <T extends z.ZodType>(item: T) =>
  z.object({ shown: z.array(item).max(50), total: z.number() });

/** The files with private data: those that count, those that were moved away, and those that may stay. */
export const PrivateFiles = z.object({
  found: beginningOf(FoundFile),
  /** Newest first. */
  taken: beginningOf(KeptFile),
  left: beginningOf(FoundFile),
  /** Where found ones would be moved to. */
  keptFolder: z.string(),
});
export type PrivateFiles = z.infer<typeof PrivateFiles>;
/** What is tried from inside to prove the home, in this order. */
export const attemptIds = [
  'sudo',
  'su',
  'set-user-id',
  'change-user',
  'user-namespace',
  'change-owner',
  'change-root',
  'make-device',
  'mount',
  'set-clock',
  'host-name',
  'raw-network',
  'load-module',
  'kernel-parts',
  'write-programs',
  'write-kernel',
  'read-home',
  'read-passwords',
  'read-kernel',
  'read-disks',
  'engine',
  'see-processes',
  'signal-processes',
  'host-loopback',
  'host-addresses',
  'local-network',
  'cloud-metadata',
  'many-processes',
  'much-memory',
] as const;
export const AttemptId = z.enum(attemptIds);
export type AttemptId = z.infer<typeof AttemptId>;

/** On whose word an answer rests: what was seen from outside, or what the inside says of itself. */
export const Witness = z.enum(['outside', 'inside']);
export type Witness = z.infer<typeof Witness>;

/** What became of an attempt. `could-not-try` is a third answer: it proves nothing either way. */
export const Attempted = z.discriminatedUnion('is', [
  z.object({ is: z.literal('stopped'), by: code<StopperCode>(), witness: Witness }),
  z.object({ is: z.literal('got-through'), witness: Witness }),
  z.object({ is: z.literal('could-not-try'), why: code<UntriedCode>() }),
]);
export type Attempted = z.infer<typeof Attempted>;

const attempted = <T extends z.ZodType>(result: T) => z.object({ id: AttemptId, guide: GuideItem, result });

/** A whole proof: when it ended (ms since 1970), and the OpenClaw that lived in the home. */
export const Proof = z.object({
  at: z.number(),
  version: z.string().max(100),
  attempts: z.array(attempted(Attempted)),
});
export type Proof = z.infer<typeof Proof>;

/** The same while it comes about; `at` is when it began. */
export const ProofUnderWay = Proof.extend({
  attempts: z.array(
    attempted(
      z.discriminatedUnion('is', [
        ...Attempted.options,
        z.object({ is: z.literal('running') }),
        z.object({ is: z.literal('waiting') }),
      ]),
    ),
  ),
});
export type ProofUnderWay = z.infer<typeof ProofUnderWay>;

/** Everything a view needs, a few kB, pushed whole on every change. Never holds a secret. */
export const Snapshot = z.object({
  appVersion: z.string(),
  choices: Choices,
  computer: Computer.nullable(),
  plan: Plan.nullable(),
  rows: z.array(Row),
  light: Light,
  /** When the last complete look ended (ms since 1970); null before the first. */
  lookedAt: z.number().nullable(),
  looking: z.boolean(),
  work: Work,
  /** The last lines of the running or last job, for who wants them. */
  log: z.array(z.string()),
  /** The version that answers, as it says itself; null when none does. */
  openClawVersion: z.string().nullable(),
  removal: Removal.nullable(),
  versionNews: VersionNews,
  /** Newest first; empty until the folder was looked into. */
  backups: z.array(Backup),
  privateFiles: PrivateFiles,
  /** What the last look found; those that matter most first. */
  skills: z.array(SkillSeen).max(60),
  /** Every kind of home that this system can have, the recommended one first; empty until it was looked. */
  homes: z.array(HomeOffer),
  /** By which engine the home is that was left, and rests; null: none was, or it is gone. */
  formerHome: EngineName.nullable(),
  /** When an OpenClaw of the computer itself moved in, or was put to rest, which can be undone (ms since 1970); null: none did. */
  hostMovedAt: z.number().nullable(),
  /** The proof that is under way, else the last whole one; null before the first. */
  proof: ProofUnderWay.nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** A page of the system's own settings. */
export const SettingsPage = z.enum(settingsPages);
export type SettingsPage = z.infer<typeof SettingsPage>;

/** Everything a view can ask for: closed ids, never a path or a command. */
export const Intent = z.discriminatedUnion('do', [
  // `movesIn`: as the review said it.
  z.strictObject({
    do: z.literal('set-up'),
    consent: z.array(AdminTaskId).max(8),
    movesIn: Profile.optional(),
  }),
  z.strictObject({ do: z.literal('fix'), id: SafeguardId }),
  z.strictObject({ do: z.literal('fix-all') }),
  z.strictObject({ do: z.literal('check-now') }),
  z.strictObject({ do: z.literal('cancel') }),
  // The work that failed, as it was asked for; main knows how.
  z.strictObject({ do: z.literal('try-again') }),
  z.strictObject({ do: z.literal('dismiss') }),
  z.strictObject({ do: z.literal('answer'), answer: Answer }),
  z.strictObject({ do: z.literal('save-choices'), choices: ViewChoices }),
  z.strictObject({
    do: z.literal('keep-model-key'),
    key: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[\x21-\x7e]+$/),
  }),
  z.strictObject({ do: z.literal('choose-folder') }),
  z.strictObject({ do: z.literal('move-in') }),
  z.strictObject({ do: z.literal('update-now') }),
  // The newest version although it did not work here.
  z.strictObject({ do: z.literal('try-version-again') }),
  z.strictObject({ do: z.literal('postpone-update') }),
  z.strictObject({ do: z.literal('back-up') }),
  z.strictObject({ do: z.literal('restore'), id: BackupId }),
  // Where to and where from, the system's own dialogs ask.
  z.strictObject({ do: z.literal('save-copy'), id: BackupId }),
  z.strictObject({ do: z.literal('bring-in') }),
  // Where to, the system's own dialog asks.
  z.strictObject({ do: z.literal('save-report') }),
  // A file with private data that may stay as it is, and one that may not any more.
  z.strictObject({ do: z.literal('leave-file'), id: PrivateFileId }),
  z.strictObject({ do: z.literal('mind-file'), id: PrivateFileId }),
  z.strictObject({ do: z.literal('put-file-back'), id: PrivateFileId }),
  z.strictObject({ do: z.literal('put-files-back') }),
  // The OpenClaw that moved in from the computer itself lives there again, and the home is as it was before.
  z.strictObject({ do: z.literal('undo-move-in') }),
  // Where the home is to be: chosen before there is one, and moved to with everything it knows after.
  z.strictObject({ do: z.literal('choose-engine'), engine: EngineName }),
  z.strictObject({ do: z.literal('name-computer'), computer: OtherComputer }),
  z.strictObject({ do: z.literal('list-homes') }),
  z.strictObject({ do: z.literal('move-home'), engine: EngineName }),
  // The home that was left, which rests as it was.
  z.strictObject({ do: z.literal('forget-former-home') }),
  z.strictObject({ do: z.literal('approve-skill'), id: SkillId }),
  z.strictObject({ do: z.literal('distrust-skill'), id: SkillId }),
  z.strictObject({ do: z.literal('prove') }),
  z.strictObject({ do: z.literal('stop') }),
  z.strictObject({ do: z.literal('start') }),
  // Unless it is said otherwise, what OpenClaw remembers is kept.
  z.strictObject({ do: z.literal('list-removal'), keepData: z.boolean() }),
  z.strictObject({ do: z.literal('remove'), keepData: z.boolean() }),
  z.strictObject({ do: z.literal('open'), what: z.enum(['openclaw', 'shared-folder', 'kept-files', 'log']) }),
  z.strictObject({ do: z.literal('open-settings'), page: SettingsPage }),
]);
export type Intent = z.infer<typeof Intent>;

/** The answer to an intent. A refusal is data too. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/** What the preload script puts on `window.app`. */
export interface AppBridge {
  /** Asks main for something; resolves when main accepted or refused it, not when the work is done. */
  do(intent: Intent): Promise<Reply>;
  /** The Snapshot as it is now. */
  snapshot(): Promise<Snapshot>;
  /** Calls back with every new Snapshot; returns the way to stop. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Says that the first Snapshot is on the screen. */
  drawn(): void;
}
