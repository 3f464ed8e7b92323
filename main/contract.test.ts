import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Answer,
  Choices,
  Intent,
  ModelChoice,
  NearbyService,
  OtherComputer,
  Snapshot,
  safeguardIds,
  ViewChoices,
} from './contract.ts';
import { safeguards } from './safeguards/index.ts';
import { blankSnapshot } from './testing/jobs.ts';
import { freshChoices } from './testing/machine.ts';

describe('Intent', () => {
  it('takes every intent that a view sends', () => {
    const intents: Intent[] = [
      { do: 'set-up', consent: ['install-engine'] },
      { do: 'fix', id: 'engine-ready' },
      { do: 'fix-all' },
      { do: 'check-now' },
      { do: 'cancel' },
      { do: 'dismiss' },
      { do: 'answer', answer: { is: 'yes' } },
      { do: 'save-choices', choices: { language: 'zh-CN' } },
      { do: 'keep-model-key', key: 'sk-1' },
      { do: 'choose-folder' },
      { do: 'move-in' },
      { do: 'update-now' },
      { do: 'try-version-again' },
      { do: 'postpone-update' },
      { do: 'back-up' },
      { do: 'restore', id: '2026-11-21T06-30-00Z-person' },
      { do: 'leave-file', id: '0123456789abcdef' },
      { do: 'mind-file', id: '0123456789abcdef' },
      { do: 'put-file-back', id: '0123456789abcdef' },
      { do: 'put-files-back' },
      { do: 'open', what: 'kept-files' },
      { do: 'stop' },
      { do: 'start' },
      { do: 'list-removal', keepData: true },
      { do: 'list-removal', keepData: false },
      { do: 'remove', keepData: true },
      { do: 'open', what: 'openclaw' },
      { do: 'open-settings', page: 'screen-recording' },
    ];
    for (const intent of intents) expect(Intent.parse(intent)).toEqual(intent);
  });

  it.each([
    { do: 'run', command: 'rm' },
    { do: 'fix', id: 'no-such-safeguard' },
    { do: 'fix-all', path: '/etc' },
    { do: 'set-up', consent: ['become-root'] },
    { do: 'open', what: 'https://example.com' },
    { do: 'open-settings', page: 'x-apple.systempreferences:' },
    { do: 'choose-folder', path: '/home/ada' },
    { do: 'save-choices', choices: { sharedFolder: '/' } },
    { do: 'save-choices', choices: { port: 80 } },
    { do: 'save-choices', choices: { agreed: true } },
    { do: 'save-choices', choices: { updateHour: 24 } },
    { do: 'save-choices', choices: { channel: 'dev' } },
    { do: 'save-choices', choices: { postponedUntil: 1 } },
    { do: 'remove' },
    { do: 'leave-file', id: 'tax/id.txt' },
    { do: 'put-file-back', id: '../../etc/pass' },
    { do: 'put-files-back', folder: '/etc' },
    null,
    'set-up',
  ])('refuses %j: no path, command, address or unknown key ever comes from a view', (intent) => {
    expect(Intent.safeParse(intent).success).toBe(false);
  });
});

/** Any character, the odd ones too. */
const character = fc.oneof(
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.constantFrom('\n', '\u0000', '\u007f', 'é', '钥', '\u202e'),
);

describe('a key', () => {
  it('is one piece of visible ASCII, in an answer and beforehand', () => {
    const isKey = (key: string) => [
      Answer.safeParse({ is: 'model-key', key }).success,
      Intent.safeParse({ do: 'keep-model-key', key }).success,
    ];
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 20 }), (key) => {
        const isGood = /^[!-~]+$/.test(key) && !key.includes('\n');
        expect(isKey(key)).toEqual([isGood, isGood]);
      }),
    );
    expect(isKey('sk-1\n')).toEqual([false, false]);
    expect(isKey('k'.repeat(1001))).toEqual([false, false]);
  });
});

describe('ModelChoice', () => {
  it.each([
    ['https://llm.example.com/v1', 'qwen3:8b', true],
    ['http://192.168.1.5:11434/v1', 'org/model@1.0', true],
    ['file:///etc/passwd', 'm', false],
    ['javascript:alert(1)', 'm', false],
    ['https://api.openai.com@evil.example/v1', 'm', false],
    ['https://api.openai.com:v1@evil.example/v1', 'm', false],
    ['https://:secret@evil.example/v1', 'm', false],
    ['https://evil.example/\u001b[2K\u001b[1Ghttps://api.openai.com/v1', 'm', false],
    ['https://evil.example/\nhttps://api.openai.com/v1', 'm', false],
    ['https://evil.example/\u202e1v/moc.ianepo.ipa', 'm', false],
    ['https://evil.example/ https://api.openai.com/v1', 'm', false],
    ['https://llm.example.com/v1?by=@anna', 'm', true],
    ['not an address', 'm', false],
    ['https://llm.example.com/v1', '--flag with space', false],
    ['https://llm.example.com/v1', '', false],
  ])('custom at %s with model %s: %s', (baseUrl, modelId, isGood) => {
    expect(ModelChoice.safeParse({ provider: 'custom', baseUrl, modelId }).success).toBe(isGood);
  });

  it('needs address and model only for a server of one’s own', () => {
    expect(ModelChoice.safeParse({ provider: 'custom' }).success).toBe(false);
    expect(ModelChoice.parse({ provider: 'zai' })).toEqual({ provider: 'zai' });
  });
});

it('the choices that a view may set say nothing about folder, port or how far setup has come', () => {
  expect(Object.keys(ViewChoices.shape).sort()).toEqual([
    'appearance',
    'automaticUpdates',
    'channel',
    'isDedicated',
    'language',
    'model',
    'nearbyServices',
    'startAtLogin',
    'updateHour',
  ]);
});

it('the choices of a fresh start and the first Snapshot are what the contract says', () => {
  expect(Choices.parse(freshChoices)).toEqual(freshChoices);
  expect(Snapshot.parse(blankSnapshot)).toEqual(blankSnapshot);
});

describe('the table of safeguards', () => {
  it('has a row for every id, in the order of the contract', () => {
    expect(safeguards.map(({ id }) => id)).toEqual([...safeguardIds]);
  });

  it('is ordered so that whatever a safeguard needs comes before it', () => {
    const before = new Set<string>();
    for (const { id, needs } of safeguards) {
      for (const need of needs) expect(before, `${id} needs ${need}`).toContain(need);
      before.add(id);
    }
  });

  it('has patience only with what endangers nobody', () => {
    const patient = safeguards.filter(({ patience }) => patience > 0).map(({ id }) => id);
    expect(patient).toEqual(['room-to-work', 'engine-ready', 'gateway-running', 'backup-recent']);
  });

  it('can put everything right but its own rights and what the person lent', () => {
    expect(safeguards.filter(({ fix }) => !fix).map(({ id }) => id)).toEqual([
      'not-administrator',
      'host-powers-off',
    ]);
  });
});

describe('a service nearby', () => {
  it.each([
    ['192.168.1.20:445', true],
    ['nas:80', true],
    ['my-nas.local:65535', true],
    ['203.0.113.7:443', true],
    ['192.168.1.20', false],
    ['192.168.1.20:0', false],
    ['192.168.1.20:080', false],
    ['192.168.1.20:65536', false],
    ['192.168.1.256:80', false],
    ['192.168.01.2:80', false],
    ['192.168.1:80', false],
    ['127.0.0.1:80', false],
    ['0.0.0.0:80', false],
    ['169.254.169.254:80', false],
    ['224.0.0.1:80', false],
    ['255.255.255.255:80', false],
    ['localhost:80', false],
    ['nas.:80', false],
    ['-nas:80', false],
    ['NAS:80', false],
    ['nas:80 ; accept', false],
    ['nas:80\n', false],
    ['user@nas:80', false],
    ['[::1]:80', false],
    [`${'a'.repeat(64)}:80`, false],
    ['', false],
  ])('%j: %s', (text, isGood) => {
    expect(NearbyService.safeParse(text).success).toBe(isGood);
  });

  it('is one of a few', () => {
    const many = (count: number) => Array.from({ length: count }, (_, nr) => `nas:${nr + 1}`);
    const { nearbyServices } = Choices.shape;
    expect(nearbyServices.safeParse(many(20)).success).toBe(true);
    expect(nearbyServices.safeParse(many(21)).success).toBe(false);
  });
});

describe('another computer', () => {
  it.each([
    [{ host: '192.168.1.30', port: 22, account: 'ada' }, true],
    [{ host: 'old-laptop.local', port: 2222, account: 'root' }, true],
    [{ host: '-oProxyCommand=id', port: 22, account: 'ada' }, false],
    [{ host: '127.0.0.1', port: 22, account: 'ada' }, false],
    [{ host: 'a b', port: 22, account: 'ada' }, false],
    [{ host: 'x\n', port: 22, account: 'ada' }, false],
    [{ host: 'laptop', port: 0, account: 'ada' }, false],
    [{ host: 'laptop', port: 22, account: '-l' }, false],
    [{ host: 'laptop', port: 22, account: 'ada; id' }, false],
    [{ host: 'laptop', port: 22, account: 'ada', key: '/etc/shadow' }, false],
  ])('%j: %s', (computer, isGood) => {
    expect(OtherComputer.safeParse(computer).success).toBe(isGood);
    expect(Intent.safeParse({ do: 'name-computer', computer }).success).toBe(isGood);
  });

  it('is no choice that a view sets beside others', () => {
    const otherComputer = { host: 'laptop', port: 22, account: 'ada' };
    expect(ViewChoices.safeParse({ otherComputer }).success).toBe(false);
  });

  it('takes a password of one line', () => {
    const answer = (password: string) => Answer.safeParse({ is: 'password', password }).success;
    expect(['secret', ' it’s a $(secret) ', '密码'].map(answer)).toEqual([true, true, true]);
    expect(['', 'two\nlines', 'x'.repeat(501), 'a\0b'].map(answer)).toEqual([false, false, false, false]);
  });
});
