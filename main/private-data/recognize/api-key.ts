import { crc32 } from 'node:zlib';
import { looksDrawn } from './randomness.ts';

/** Keys of online services, by the marks that their makers put on them. */

interface Make {
  /** The whole key; its first group is what was drawn by chance. */
  readonly shape: RegExp;
  /** Whether the rest is as the maker builds it. */
  readonly isBuilt?: (key: string) => boolean;
  /** What has to stand near, because the shape alone is not sure. */
  readonly near?: RegExp;
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters of GitHub's and npm's tokens: CRC-32 of the thirty before, in base 62. Source: GitHub's blog on its token formats. */
export function tokenChecksum(drawn: string): string {
  let rest = crc32(drawn);
  let text = '';
  for (let at = 0; at < 6; at++) {
    text = base62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function isChecked(key: string): boolean {
  const body = key.slice(key.indexOf('_') + 1);
  return tokenChecksum(body.slice(0, 30)) === body.slice(30);
}

/** Lower case, upper case and digits, as every long enough text in base 62 or 64 has them. */
function isMixed(key: string): boolean {
  return /[a-z]/.test(key) && /[A-Z]/.test(key) && /\d/.test(key);
}

/** Forty characters of base 64 that are no hexadecimal hash: the other half of a key of Amazon's. */
const amazonSecret =
  /(?<![A-Za-z0-9/+=])(?=[a-z0-9/+]*[A-Z])(?=[A-Z0-9/+]*[a-z])(?=[A-Za-z/+]*\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;

/** Sources: the makers' documentation of their keys, and the rules of gitleaks and GitHub's secret scanning. */
const makes: readonly (readonly [mark: string, ...Make[]])[] = [
  [
    'sk-',
    // OpenAI; the middle is "OpenAI" in base 64.
    { shape: /^sk-(?:[a-zA-Z]+-)?([\w-]{16,}T3BlbkFJ[\w-]{16,})$/ },
    { shape: /^sk-(?:proj|svcacct|admin)-([\w-]{40,})$/, isBuilt: isMixed },
    // Anthropic
    { shape: /^sk-ant-[a-z]+\d*-([\w-]{32,})$/, isBuilt: isMixed },
    // OpenRouter
    { shape: /^sk-or-v1-([0-9a-f]{64})$/ },
    // DeepSeek, Aliyun's DashScope
    { shape: /^sk-([0-9a-f]{32})$/ },
    // Moonshot, SiliconFlow, older OpenAI-like ones
    { shape: /^sk-([A-Za-z0-9]{48})$/, isBuilt: (key) => /\d/.test(key) },
    { shape: /^sk-([a-z]{48})$/ },
  ],
  ['AKIA', { shape: /^AKIA([A-Z2-7]{16})$/, near: amazonSecret }],
  ['ASIA', { shape: /^ASIA([A-Z2-7]{16})$/, near: amazonSecret }],
  ['AIza', { shape: /^AIza([\w-]{35})$/, isBuilt: isMixed }],
  ['GOCSPX', { shape: /^GOCSPX-([\w-]{28})$/ }],
  ['ghp_', { shape: /^ghp_([A-Za-z0-9]{36})$/, isBuilt: isChecked }],
  ['gho_', { shape: /^gho_([A-Za-z0-9]{36})$/, isBuilt: isChecked }],
  ['ghu_', { shape: /^ghu_([A-Za-z0-9]{36})$/, isBuilt: isChecked }],
  ['ghs_', { shape: /^ghs_([A-Za-z0-9]{36})$/, isBuilt: isChecked }],
  ['ghr_', { shape: /^ghr_([A-Za-z0-9]{36,76})$/, isBuilt: isMixed }],
  ['github_pat_', { shape: /^github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})$/, isBuilt: isMixed }],
  ['npm_', { shape: /^npm_([A-Za-z0-9]{36})$/, isBuilt: isChecked }],
  // GitLab: of a person, a deployment, a runner, a trigger
  ['gl', { shape: /^gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent)-([\w-]{20,})$/ }],
  [
    'xox',
    { shape: /^xox[abeoprs]-(?=[\d-]*[A-Za-z])(\w{8,}(?:-\w+)+)$/, isBuilt: (key) => /\d{8}/.test(key) },
  ],
  ['xapp-', { shape: /^xapp-\d-([A-Z0-9]+-\d+-[0-9a-f]{32,})$/ }],
  ['sk_live_', { shape: /^sk_live_([A-Za-z0-9]{20,})$/, isBuilt: isMixed }],
  ['rk_live_', { shape: /^rk_live_([A-Za-z0-9]{20,})$/, isBuilt: isMixed }],
  ['whsec_', { shape: /^whsec_([A-Za-z0-9]{32,})$/, isBuilt: isMixed }],
  ['SK', { shape: /^SK([0-9a-f]{32})$/, near: /twilio/i }],
  // Telegram: the number of the bot and a colon go before.
  ['AA', { shape: /^AA([\w-]{33})$/, near: /(?<!\d)\d{8,10}:$/, isBuilt: isMixed }],
  ['pypi-', { shape: /^pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZ)([\w-]{50,})$/ }],
  [
    'hf_',
    { shape: /^hf_([A-Za-z0-9]{34})$/, isBuilt: (key) => /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(key.slice(3)) },
  ],
  ['LTAI', { shape: /^LTAI([A-Za-z0-9]{12,26})$/, isBuilt: isMixed }],
  ['AKID', { shape: /^AKID([A-Za-z0-9]{28,36})$/, isBuilt: isMixed }],
  // Volcano Engine, Baidu and Huawei write theirs without a mark; of Volcano's, this one is known.
  ['AKLT', { shape: /^AKLT([A-Za-z0-9]{40,48})$/, isBuilt: isMixed }],
  ['dop_v1_', { shape: /^dop_v1_([0-9a-f]{64})$/ }],
  ['doo_v1_', { shape: /^doo_v1_([0-9a-f]{64})$/ }],
  ['dor_v1_', { shape: /^dor_v1_([0-9a-f]{64})$/ }],
  // Shopify
  ['shp', { shape: /^shp(?:at|ca|pa|ss)_([0-9a-fA-F]{32})$/ }],
  ['gsk_', { shape: /^gsk_([A-Za-z0-9]{52})$/, isBuilt: isMixed }],
  ['xai-', { shape: /^xai-([A-Za-z0-9]{70,90})$/, isBuilt: isMixed }],
  ['pplx-', { shape: /^pplx-([A-Za-z0-9]{48,56})$/, isBuilt: isMixed }],
  ['r8_', { shape: /^r8_([A-Za-z0-9]{37})$/, isBuilt: isMixed }],
  ['tvly-', { shape: /^tvly-((?:dev-|prod-)?[A-Za-z0-9-]{30,})$/, isBuilt: isMixed }],
  ['ntn_', { shape: /^ntn_([A-Za-z0-9]{40,60})$/, isBuilt: isMixed }],
  ['lin_api_', { shape: /^lin_api_([A-Za-z0-9]{40})$/, isBuilt: isMixed }],
  ['figd_', { shape: /^figd_([\w-]{36,})$/, isBuilt: isMixed }],
  ['ATATT3x', { shape: /^ATATT3x([\w-]{150,})$/ }],
  ['dapi', { shape: /^dapi([0-9a-f]{32})(?:-\d)?$/ }],
  ['PMAK-', { shape: /^PMAK-([0-9a-f]{24}-[0-9a-f]{34})$/ }],
  ['glsa_', { shape: /^glsa_([A-Za-z0-9]{32}_[0-9a-fA-F]{8})$/ }],
  ['sntrys_', { shape: /^sntrys_([\w-]{60,})$/ }],
  ['sq0', { shape: /^sq0(?:atp-[\w-]{22}|csp-[\w-]{43})$/ }],
];

const makesByStart = new Map<string, (readonly [string, ...Make[]])[]>();
for (const make of makes) {
  const start = make[0].slice(0, 2);
  makesByStart.set(start, [...(makesByStart.get(start) ?? []), make]);
}

/** How far from a key its other half may stand (characters). */
const reach = 300;

/**
 * Whether a word of letters, digits, `_` and `-` is a service's key; pure.
 * @param text what it stands in, from `start` to `end`
 */
export function isApiKey(text: string, start: number, end: number): boolean {
  const candidates = makesByStart.get(text.slice(start, start + 2));
  if (!candidates) return false;
  return candidates.some(([mark, ...shapes]) => {
    if (!text.startsWith(mark, start)) return false;
    const key = text.slice(start, end);
    return shapes.some(({ shape, isBuilt, near }) => {
      const match = shape.exec(key);
      if (!match || !looksDrawn(match[1] ?? key) || (isBuilt && !isBuilt(key))) return false;
      if (!near) return true;
      const before = text.slice(Math.max(0, start - reach), start);
      return near.test(before) || near.test(text.slice(end, end + reach));
    });
  });
}

const slackHook = /services\/T[A-Z0-9]{7,}\/B[A-Z0-9]{7,}\/([A-Za-z0-9]{24})(?![A-Za-z0-9])/y;
const sendGridKey = /SG\.([\w-]{20,24}\.[\w-]{39,50})(?![\w-])/y;

/** Keys that words alone don't hold: their parts are joined by dots and slashes. */
const joined: readonly (readonly [mark: string, shape: RegExp])[] = [
  ['services/T', slackHook],
  ['SG.', sendGridKey],
];

/** Whether such a key begins in [`from`, `to`); pure but for the expressions' places. */
export function hasJoinedApiKey(text: string, from: number, to: number): boolean {
  return joined.some(([mark, shape]) => {
    for (let at = text.indexOf(mark, from); at !== -1 && at < to; at = text.indexOf(mark, at + 1)) {
      shape.lastIndex = at;
      const match = shape.exec(text);
      if (match && looksDrawn(match[1] ?? '') && !/\w/.test(text[at - 1] ?? ' ')) return true;
    }
    return false;
  });
}
