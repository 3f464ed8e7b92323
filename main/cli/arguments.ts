import { parseArgs } from 'node:util';
import {
  BackupId,
  type Language,
  Language as LanguageSchema,
  ModelChoice,
  modelProviders,
  type SafeguardId,
  SafeguardId as SafeguardIdSchema,
} from '../contract.ts';

export const verbs = [
  'check',
  'fix',
  'setup',
  'stop',
  'start',
  'update',
  'backup',
  'restore',
  'save-copy',
  'bring-in',
  'undo-move-in',
  'report',
  'prove',
  'remove',
] as const;
type Verb = (typeof verbs)[number];

/** What a command line asks for. */
export type Ask =
  | { readonly verb: 'check' | 'stop' | 'start' | 'update' | 'report' | 'prove' | 'undo-move-in' }
  | { readonly verb: 'backup'; readonly isList: boolean }
  | { readonly verb: 'restore'; readonly id: BackupId }
  | { readonly verb: 'save-copy'; readonly id: BackupId; readonly file: string }
  | { readonly verb: 'bring-in'; readonly file: string }
  | { readonly verb: 'fix'; readonly id: SafeguardId | null }
  | {
      readonly verb: 'setup';
      readonly model: ModelChoice | null;
      readonly isKeyOnStdin: boolean;
      readonly sharedFolder: string | null;
    }
  | { readonly verb: 'remove'; readonly keepData: boolean };

/** How it is to be answered. */
export interface Manner {
  readonly json: boolean;
  readonly yes: boolean;
  readonly language: Language | null;
}

type WrongCode =
  | 'unknown-command'
  | 'unknown-option'
  | 'missing-value'
  | 'bad-value'
  | 'too-many'
  | 'custom-needs'
  | 'only-custom'
  | 'key-without-model';

export type CommandLine =
  | { readonly is: 'work'; readonly ask: Ask; readonly manner: Manner }
  | { readonly is: 'help' | 'version'; readonly manner: Manner }
  | { readonly is: 'wrong'; readonly why: WrongCode; readonly word: string; readonly option: string };

const common = {
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  language: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;
const own = {
  check: {},
  fix: {},
  stop: {},
  start: {},
  update: {},
  backup: { list: { type: 'boolean' } },
  restore: {},
  'save-copy': {},
  'bring-in': {},
  'undo-move-in': {},
  report: {},
  prove: {},
  setup: {
    model: { type: 'string' },
    'model-key-stdin': { type: 'boolean' },
    'base-url': { type: 'string' },
    'model-id': { type: 'string' },
    'shared-folder': { type: 'string' },
  },
  remove: { 'delete-data': { type: 'boolean' } },
} as const;

/** How many words may follow a verb; the others stand alone. */
const operandsOf: Partial<Record<Verb, number>> = { fix: 1, restore: 1, 'save-copy': 2, 'bring-in': 1 };

/** Switches that Chromium and Electron read for themselves before we are asked. */
const chromiumSwitch =
  /^--(no-sandbox|ozone-platform|disable-gpu|disable-dev-shm-usage|inspect|remote-debugging-p|user-data-dir|enable-logging|log-level|force-device-scale-factor)/;

const wrong = (why: WrongCode, word = '', option = ''): CommandLine => ({ is: 'wrong', why, word, option });

function modelOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
): ModelChoice | null | CommandLine {
  const { model, 'base-url': baseUrl, 'model-id': modelId } = values;
  if (model === undefined)
    return baseUrl === undefined && modelId === undefined ? null : wrong('only-custom');
  if (!modelProviders.some((provider) => provider === model))
    return wrong('bad-value', String(model), '--model');
  if (model !== 'custom') {
    if (baseUrl !== undefined || modelId !== undefined) return wrong('only-custom');
    return ModelChoice.parse({ provider: model });
  }
  if (baseUrl === undefined || modelId === undefined) return wrong('custom-needs');
  const choice = ModelChoice.safeParse({ provider: model, baseUrl, modelId });
  if (choice.success) return choice.data;
  const isUrl = choice.error.issues.some(({ path }) => path[0] === 'baseUrl');
  return isUrl
    ? wrong('bad-value', String(baseUrl), '--base-url')
    : wrong('bad-value', String(modelId), '--model-id');
}

function askOf(
  verb: Verb,
  operands: readonly string[],
  values: Readonly<Record<string, string | boolean | undefined>>,
): Ask | CommandLine {
  const tooMany = operands[operandsOf[verb] ?? 0];
  if (tooMany !== undefined) return wrong('too-many', tooMany);
  switch (verb) {
    case 'fix': {
      const id = operands[0] === undefined ? null : SafeguardIdSchema.safeParse(operands[0]);
      if (id !== null && !id.success) return wrong('bad-value', operands[0], 'fix');
      return { verb, id: id?.data ?? null };
    }
    case 'setup': {
      const model = modelOf(values);
      if (model !== null && 'is' in model) return model;
      const isKeyOnStdin = values['model-key-stdin'] === true;
      if (isKeyOnStdin && model === null) return wrong('key-without-model');
      const folder = values['shared-folder'];
      return { verb, model, isKeyOnStdin, sharedFolder: typeof folder === 'string' ? folder : null };
    }
    case 'backup':
      return { verb, isList: values.list === true };
    case 'restore': {
      const id = BackupId.safeParse(operands[0]);
      if (!id.success) return wrong('bad-value', operands[0] ?? '', 'restore');
      return { verb, id: id.data };
    }
    case 'save-copy': {
      const id = BackupId.safeParse(operands[0]);
      if (!id.success) return wrong('bad-value', operands[0] ?? '', verb);
      return operands[1] ? { verb, id: id.data, file: operands[1] } : wrong('missing-value', verb);
    }
    case 'bring-in':
      return operands[0] ? { verb, file: operands[0] } : wrong('missing-value', verb);
    case 'remove':
      return { verb, keepData: values['delete-data'] !== true };
    default:
      return { verb };
  }
}

/** Reads the words after the program's name; pure. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const args = words.filter((word) => !chromiumSwitch.test(word) && word !== '--hidden');
  const verb = verbs.find((known) => known === args.find((word) => verbs.some((other) => other === word)));
  const options: Record<string, { type: 'boolean' | 'string' }> = { ...common, ...(verb ? own[verb] : {}) };
  const { values, positionals, tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const type = options[token.name]?.type;
    if (type === undefined) return wrong('unknown-option', token.rawName);
    if (type === 'string' && (token.value === undefined || token.value === ''))
      return wrong('missing-value', token.rawName);
    if (type === 'boolean' && token.value !== undefined)
      return wrong('bad-value', token.value, token.rawName);
  }
  const language = values.language === undefined ? null : LanguageSchema.safeParse(values.language);
  if (language !== null && !language.success)
    return wrong('bad-value', String(values.language), '--language');
  const manner: Manner = {
    json: values.json === true,
    yes: values.yes === true,
    language: language?.data ?? null,
  };
  if (values.help === true) return { is: 'help', manner };
  if (values.version === true) return { is: 'version', manner };
  if (verb === undefined || positionals[0] !== verb) return wrong('unknown-command', positionals[0]);
  const flat = values as Readonly<Record<string, string | boolean | undefined>>;
  const ask = askOf(verb, positionals.slice(1), flat);
  return 'is' in ask ? ask : { is: 'work', ask, manner };
}
