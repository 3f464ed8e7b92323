/** Every script that PowerShell is ever handed: that it is one, constant, and reaches it as it was written. */
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import * as z from 'zod';
import { virtualizationScript } from '../../sandbox/wsl/look.ts';
import { attributesScript } from '../../sandbox/wsl/place.ts';
import { exited, strictRun } from '../strict-run.ts';
import { elevatedScript, promptScript, stepsOf } from './admin.ts';
import { certificatesScript } from './certificates.ts';
import { endScript, processesScript } from './gateways.ts';
import { meteredScript, routersScript } from './network.ts';
import { listenersScript } from './ports.ts';
import { ask, powershellArguments, scriptText } from './powershell.ts';
import { programsIn } from './programs.ts';
import { openScript } from './services.ts';
import { surroundingsScript } from './surroundings.ts';
import { commandLine } from './testing/command-line.ts';
import { wordsOf } from './words.ts';

const programs = programsIn('C:\\Windows');
const id = 'a'.repeat(32);
const scripts: readonly (readonly [string, string])[] = [
  ['virtualization', scriptText(virtualizationScript)],
  ['attributes', scriptText(attributesScript)],
  ['listeners', scriptText(listenersScript)],
  ['certificates', scriptText(certificatesScript)],
  ['metered', scriptText(meteredScript)],
  ['routers', scriptText(routersScript)],
  ['surroundings', scriptText(surroundingsScript)],
  ['processes', scriptText(processesScript)],
  ['ending one', scriptText(endScript)],
  ['opening a file', scriptText(openScript)],
  ['the prompt', promptScript],
  ['installing', elevatedScript(stepsOf('install-engine', false), id)],
  ['installing, and the hypervisor', elevatedScript(stepsOf('install-engine', true), id)],
];

describe('a script', () => {
  let parser: Parser;
  beforeAll(async () => {
    await Parser.init();
    const grammar = createRequire(import.meta.url).resolve(
      'tree-sitter-powershell/tree-sitter-powershell.wasm',
    );
    parser = new Parser().setLanguage(await Language.load(grammar));
  });
  const faultIn = (text: string) => parser.parse(text)?.rootNode.hasError;

  it.each(scripts)('is PowerShell: %s', (_, text) => {
    expect(faultIn(text)).toBe(false);
  });

  it('that is none would be found out', () => {
    expect(faultIn('if ($true { 1 }')).toBe(true);
    expect(faultIn("$a = 'open")).toBe(true);
  });

  it.each(scripts)('reaches PowerShell as it was written: %s', (_, text) => {
    // One line of ASCII without a double quote: no encoding and no quoting can touch it.
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(text).not.toContain('"');
    const words = [programs.powershell, ...powershellArguments(text)];
    expect(wordsOf(commandLine(words))).toEqual(words);
    expect(commandLine(words).length).toBeLessThan(8_000);
  });

  it.each(scripts)('carries no data and starts nothing that was fetched: %s', (_, text) => {
    expect(text).not.toMatch(
      /Invoke-Expression|\biex\b|DownloadString|Invoke-WebRequest|-EncodedCommand|Set-ExecutionPolicy|\bBypass\b/i,
    );
  });

  it('with a double quote is refused', () => {
    expect(() => powershellArguments('a "b"')).toThrow();
  });
});

describe('asking', () => {
  const line = `${programs.powershell} -NoLogo -NoProfile -NonInteractive -Command …`;
  const script = { body: '1', answer: z.array(z.number()) };
  const answerTo = (
    outcome: Parameters<typeof exited> | { readonly is: 'not-found' } | { readonly is: 'timed-out' },
  ) => {
    const { run, commands } = strictRun({ [line]: Array.isArray(outcome) ? exited(...outcome) : outcome });
    const asking = ask(run, programs, script, { signal: new AbortController().signal, data: 'süß "$(x)' });
    return { asking, commands };
  };

  it('hands data over in the environment alone', async () => {
    const { asking, commands } = answerTo([0, '\uFEFF[1,2]\r\n']);
    expect(await asking).toEqual([1, 2]);
    expect(commands[0]?.environment).toEqual({ CLAWCOVE_DATA: 'süß "$(x)' });
    expect(commands[0]?.args.join(' ')).not.toContain('süß');
    expect(commands[0]?.input).toBeUndefined();
  });

  it.each<[string, Parameters<typeof answerTo>[0]]>([
    ['fails', [1, '[1]']],
    ['says something else', [0, '["x"]']],
    ['says no JSON', [0, 'nein']],
    ['says nothing', [0, '']],
    ['is not there', { is: 'not-found' }],
    ['hangs', { is: 'timed-out' }],
  ])('knows nothing where PowerShell %s', async (_, outcome) => {
    expect(await answerTo(outcome).asking).toBeNull();
  });
});
