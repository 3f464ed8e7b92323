import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'plist';
import sax from 'sax';
import { describe, expect, it } from 'vitest';
import { exists } from '../../host/files.ts';
import { isDisabled } from '../../host/macos/launchctl.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { agentText, hasAutostart, setAutostart } from './autostart.ts';

const signal = new AbortController().signal;
const program = '/Applications/ClawCove & Söhne.app/Contents/Resources/lima/bin/limactl';
const limactl = { program, environment: { LIMA_HOME: '/Users/anna/.clawcove' } };

/** Throws where it is no well-formed XML. */
function mustBeXml(text: string): void {
  const parser = sax.parser(true);
  parser.onerror = (error) => {
    throw error;
  };
  parser.write(text).close();
}

describe('the agent that starts the machine at login', () => {
  it('is a property list that says what runs, once', () => {
    mustBeXml(agentText(limactl));
    expect(parse(agentText(limactl))).toEqual({
      Label: 'app.clawcove.machine',
      ProgramArguments: [program, '--tty=false', 'start', 'clawcove'],
      EnvironmentVariables: { LIMA_HOME: '/Users/anna/.clawcove', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
      RunAtLoad: true,
      AbandonProcessGroup: true,
      ProcessType: 'Interactive',
      Umask: 0o077,
    });
  });

  it('runs the program wherever it lies', () => {
    // What XML itself can hold; no file system takes the rest as a name of an app’s.
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, (odd) => {
        const text = agentText({ ...limactl, program: `/Applications/${odd}<&>"'.app/limactl` });
        mustBeXml(text);
        expect(parse(text)).toMatchObject({
          ProgramArguments: [`/Applications/${odd}<&>"'.app/limactl`, '--tty=false', 'start', 'clawcove'],
        });
      }),
      { numRuns: 50 },
    );
  });

  it('comes and goes, and starts nothing now', async () => {
    const agentsFolder = join(await testFolder(), 'LaunchAgents');
    const enable = '/bin/launchctl enable gui/501/app.clawcove.machine';
    const shown = '/bin/launchctl print-disabled gui/501';
    const double = strictRun({
      [enable]: exited(0),
      [shown]: [
        exited(0, 'disabled services = {\n\t"app.clawcove.machine" => enabled\n}\n'),
        exited(0, '\t"app.clawcove.machine" => disabled\n'),
        exited(1),
      ],
    });
    const options = { run: double.run, limactl, agentsFolder, uid: 501 };
    const file = join(agentsFolder, 'app.clawcove.machine.plist');
    expect(await hasAutostart(options, signal)).toBe(false);
    await setAutostart(true, options, signal);
    expect(await readFile(file, 'utf8')).toBe(agentText(limactl));
    expect(await hasAutostart(options, signal)).toBe(true);
    // The person has switched it off in the system’s settings; then nobody can tell.
    expect(await hasAutostart(options, signal)).toBe(false);
    expect(await hasAutostart(options, signal)).toBe(false);
    await setAutostart(false, options, signal);
    await setAutostart(false, options, signal);
    expect(await exists(file)).toBe(false);
    expect(double.calls).toEqual([enable, shown, shown, shown]);
  });

  it('that starts something else is none of ours', async () => {
    const agentsFolder = await testFolder();
    await writeFile(
      join(agentsFolder, 'app.clawcove.machine.plist'),
      agentText({ ...limactl, program: '/old' }),
    );
    const { run } = strictRun({});
    expect(await hasAutostart({ run, limactl, agentsFolder, uid: 501 }, signal)).toBe(false);
  });
});

it.each([
  ['\t"app.clawcove.machine" => disabled', true],
  ['\t"app.clawcove.machine" => true', true],
  ['\t"app.clawcove.machine" => enabled', false],
  ['\t"app.clawcove.machine" => false', false],
  ['\t"app.clawcove.machine2" => disabled', false],
  ['', false],
])('%j', (text, disabled) => expect(isDisabled(text, 'app.clawcove.machine')).toBe(disabled));
