import { describe, expect, it } from 'vitest';
import { readCommandLine, verbs } from './arguments.ts';
import { faceOf, ownWords } from './face.ts';

const read = (line: string) => readCommandLine(line.split(' ').filter(Boolean));
const plain = { json: false, yes: false, language: null };

it('leaves out what belongs to a bare Electron', () => {
  expect(ownWords(['/opt/ClawCove/clawcove', 'check'], false)).toEqual(['check']);
  expect(ownWords(['electron', '/src/clawcove', 'check', '--json'], true)).toEqual(['check', '--json']);
  expect(ownWords(['electron', '--inspect=0', '/src/clawcove'], true)).toEqual(['--inspect=0']);
});

describe('faceOf', () => {
  it.each([
    ['', 'window'],
    ['--hidden', 'tray'],
    ['--no-sandbox --remote-debugging-port=0 /srv/app .', 'window'],
    ['check', 'terminal'],
    ['--json check', 'terminal'],
    ['chekc', 'terminal'],
    ['--help', 'terminal'],
    ['--version', 'terminal'],
  ])('"%s" is for the %s', (line, face) => expect(faceOf(line.split(' ').filter(Boolean)).is).toBe(face));
});

describe('readCommandLine', () => {
  it.each(verbs.filter((verb) => !/restore|save-copy|bring-in/.test(verb)))('knows %s', (verb) =>
    expect(read(verb)).toMatchObject({ is: 'work', ask: { verb }, manner: plain }),
  );

  it('knows the options that every command has, in any order', () => {
    const manner = { json: true, yes: true, language: 'zh-CN' };
    expect(read('check --json --yes --language zh-CN')).toMatchObject({ is: 'work', manner });
    expect(read('--language=zh-CN --yes check --json')).toMatchObject({ is: 'work', manner });
    expect(read('check --help')).toMatchObject({ is: 'help' });
    expect(read('--version')).toMatchObject({ is: 'version' });
  });

  it('knows what to fix', () => {
    expect(read('fix')).toMatchObject({ ask: { verb: 'fix', id: null } });
    expect(read('fix gateway-locked')).toMatchObject({ ask: { verb: 'fix', id: 'gateway-locked' } });
  });

  it('knows which backup to go back to, by its name and never by a path', () => {
    const id = '2026-11-22T12-00-00Z-update';
    expect(read(`restore ${id}`)).toMatchObject({ ask: { verb: 'restore', id } });
    expect(read(`save-copy ${id} /media/stick/copy`)).toMatchObject({
      ask: { verb: 'save-copy', id, file: '/media/stick/copy' },
    });
    expect(read('bring-in copy')).toMatchObject({ ask: { verb: 'bring-in', file: 'copy' } });
    expect(read(`save-copy ${id}`)).toMatchObject({ is: 'wrong', why: 'missing-value' });
    expect(read('save-copy latest copy')).toMatchObject({ is: 'wrong', why: 'bad-value' });
    expect(read('bring-in')).toMatchObject({ is: 'wrong', why: 'missing-value' });
    expect(read('bring-in one two')).toMatchObject({ is: 'wrong', why: 'too-many' });
    expect(read('restore')).toMatchObject({ is: 'wrong', why: 'bad-value' });
    expect(read(`restore ../${id}`)).toMatchObject({ is: 'wrong', why: 'bad-value' });
    expect(read('backup')).toMatchObject({ ask: { verb: 'backup', isList: false } });
    expect(read('backup --list')).toMatchObject({ ask: { verb: 'backup', isList: true } });
  });

  it('keeps data unless told otherwise', () => {
    expect(read('remove')).toMatchObject({ ask: { verb: 'remove', keepData: true } });
    expect(read('remove --delete-data')).toMatchObject({ ask: { verb: 'remove', keepData: false } });
  });

  it('knows who answers for OpenClaw', () => {
    expect(read('setup')).toMatchObject({
      ask: { verb: 'setup', model: null, isKeyOnStdin: false, sharedFolder: null },
    });
    expect(read('setup --model deepseek --model-key-stdin --shared-folder /srv/claw')).toMatchObject({
      ask: { model: { provider: 'deepseek' }, isKeyOnStdin: true, sharedFolder: '/srv/claw' },
    });
    expect(read('setup --model custom --base-url http://127.0.0.1:8080/v1 --model-id a/b:c')).toMatchObject({
      ask: { model: { provider: 'custom', baseUrl: 'http://127.0.0.1:8080/v1', modelId: 'a/b:c' } },
    });
  });

  it.each([
    ['', 'unknown-command', ''],
    ['chekc', 'unknown-command', 'chekc'],
    ['chekc check', 'unknown-command', 'chekc'],
    ['check now', 'too-many', 'now'],
    ['fix gateway-locked agent-version', 'too-many', 'agent-version'],
    ['fix nothing', 'bad-value', 'nothing'],
    ['check --loud', 'unknown-option', '--loud'],
    ['check -x', 'unknown-option', '-x'],
    ['check --delete-data', 'unknown-option', '--delete-data'],
    ['check --json=yes', 'bad-value', 'yes'],
    ['check --language', 'missing-value', '--language'],
    ['check --language fr', 'bad-value', 'fr'],
    ['setup --model nobody', 'bad-value', 'nobody'],
    ['setup --model custom', 'custom-needs', ''],
    ['setup --model custom --base-url ftp://x --model-id m', 'bad-value', 'ftp://x'],
    ['setup --model openai --model-id m', 'only-custom', ''],
    ['setup --model-id m', 'only-custom', ''],
    ['setup --model-key-stdin', 'key-without-model', ''],
    ['setup --model-key sk-abc', 'unknown-option', '--model-key'],
  ])('"%s" is wrong: %s', (line, why, word) => expect(read(line)).toMatchObject({ is: 'wrong', why, word }));

  it('leaves switches of Chromium to Chromium', () =>
    expect(read('--no-sandbox check --ozone-platform=headless')).toMatchObject({ ask: { verb: 'check' } }));
});
