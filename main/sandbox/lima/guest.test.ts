import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../host/command.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { createGuest, shellOrder } from './guest.ts';
import { createLimactl } from './limactl.ts';

const signal = new AbortController().signal;
const how = { timeoutMs: 20_000, signal };
const report = { signal, progress() {}, log() {} };
const yes = async () => true;

/**
 * Lima's and ssh's part of the way, by Lima's own source (cmd/limactl/shell.go): each word quoted, all of them quoted
 * once more for the shell inside, which ssh hands to the account's own.
 */
const fakeLimactl = String.raw`#!/bin/bash
quote() { if [[ "$1" =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then printf %s "$1"; else printf "'%s'" "\${1//\'/\'\"\'\"\'}"; fi; }
[ "$1 $2 $3 $4 $5 $6" = "--tty=false shell --workdir / --shell /bin/bash" ] || exit 99
[ "$7" = clawcove ] || exit 98
shift 7
line=
for word in "$@"; do line="$line$(quote "$word"; printf x)"; line="\${line%x} "; done
script="cd / || exit 1 ; exec /bin/bash --login -c $(quote "\${line% }")"
exec /bin/bash -c "$script"
`.replaceAll('\\${', '${');
/** Says which words have come, one after the other, each closed by a zero. */
const fakeSudo = `#!/bin/bash
[ "$1 $2" = "-n --" ] || exit 97
shift 2
exec "$@"
`;

describe('a command in the machine', () => {
  let folder: string;
  let program: string;
  let inMachine: ReturnType<typeof createGuest>;
  let echo: string;

  beforeAll(async () => {
    folder = await testFolder();
    const bin = join(folder, 'bin');
    await mkdir(bin);
    program = join(bin, 'limactl');
    echo = join(bin, 'say');
    await writeFile(program, fakeLimactl);
    await writeFile(join(bin, 'sudo'), fakeSudo);
    await writeFile(echo, '#!/bin/bash\nprintf "%s\\0" "$@"\n');
    // A login shell sets the PATH anew; this one is told ours again by its profile.
    await writeFile(join(folder, '.bash_profile'), `PATH=${bin}:$PATH\n`);
    for (const name of ['limactl', 'sudo', 'say']) await chmod(join(bin, name), 0o755);
    const run = createRun({ PATH: `${bin}:/usr/bin:/bin`, HOME: folder });
    inMachine = createGuest(createLimactl({ run, program, home: '/h' }), yes);
  });

  const words = async (argv: readonly string[]) => {
    const { untrustedOut, exitCode, untrustedErr } = await inMachine.run([echo, ...argv], how);
    expect({ exitCode, untrustedErr }).toEqual({ exitCode: 0, untrustedErr: '' });
    return untrustedOut.split('\0').slice(0, -1);
  };

  it('gets its words as they are, through three shells', async () => {
    const hostile = [
      ...[
        '',
        ' ',
        "'",
        '"',
        '\\',
        '$HOME',
        '$(reboot)',
        '`reboot`',
        ';reboot',
        '| cat',
        '> /etc/passwd',
        '&',
        '!!',
      ],
      ...[
        '-n',
        '--',
        'A=b',
        '*',
        '~',
        '{a,b}',
        'two\nlines',
        '\ttab',
        '共享',
        'it\'s "both" \\\'',
        '#no',
        'a\\',
        '%s',
      ],
    ];
    expect(await words(hostile)).toEqual(hostile);
    expect(await words(['A=b'])).toEqual(['A=b']);
  });

  it('gets any words', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom(...'\'"\\$`!;&|<>(){}[]*?~#= \n\tAz-é共') }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (argv) => {
          expect(await words(argv)).toEqual(argv);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('ends with its own code, and reads its own input', async () => {
    expect(await inMachine.run(['sh', '-c', 'cat; echo e >&2; exit 42'], { ...how, input: 'in' })).toEqual({
      exitCode: 42,
      untrustedOut: 'in',
      untrustedErr: 'e\n',
      truncated: false,
    });
  });

  it('takes a file, and writes one that only this person can read', async () => {
    const [from, to] = [join(folder, 'from "$(x)'), join(folder, 'to here')];
    await writeFile(from, 'a\0b');
    await writeFile(to, 'older');
    const sizes: unknown[] = [];
    const sent = await inMachine.send(from, ['wc', '-c'], { ...report, progress: (...at) => sizes.push(at) });
    expect(sent.untrustedOut.trim()).toBe('3');
    expect(sizes).toEqual([
      [0, 3],
      [3, 3],
    ]);
    expect(await inMachine.receive(['printf', 'new'], to, report)).toMatchObject({
      exitCode: 0,
      untrustedOut: '',
    });
    expect(await readFile(to, 'utf8')).toBe('new');
    expect((await stat(to)).mode & 0o777).toBe(0o600);
  });

  it('that fails leaves the file as it was, and writes through nobody’s link', async () => {
    const [to, victim] = [join(folder, 'kept'), join(folder, 'victim')];
    await writeFile(to, 'older');
    await writeFile(victim, 'mine');
    await symlink(victim, `${to}.part`);
    expect(await inMachine.receive(['sh', '-c', 'echo half; exit 3'], to, report)).toMatchObject({
      exitCode: 3,
    });
    expect([await readFile(to, 'utf8'), await readFile(victim, 'utf8')]).toEqual(['older', 'mine']);
    await expect(stat(`${to}.part`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the order', () => {
  it('names our machine alone, as root without a question, and ends by itself', () => {
    expect(shellOrder(['id', '-u'], 1_500)).toEqual([
      ...['shell', '--workdir', '/', '--shell', '/bin/bash', 'clawcove'],
      ...['sudo', '-n', '--', 'timeout', '--kill-after=5', '7', 'id', '-u'],
    ]);
  });
});

describe('a way in that fails', () => {
  const asked = (outcome: ReturnType<typeof exited>, isRunning: boolean) => {
    const { run } = strictRun({ 'limactl …': outcome });
    const guest = createGuest(createLimactl({ run, program: 'limactl', home: '/h' }), async () => isRunning);
    return guest.run(['true'], how);
  };
  const gone = exited(1, '', 'time="t" level=fatal msg="instance \\"clawcove\\" does not exist"\n');
  const cut = exited(255, '', 'ssh: connect to host 127.0.0.1 port 53187: Connection refused\r\n');

  it('is told as a machine that does not run, when it does not', async () => {
    for (const outcome of [gone, cut])
      await expect(asked(outcome, false)).rejects.toMatchObject({ problem: { code: 'home-not-running' } });
  });

  it('is a failure of the engine’s when it runs', async () => {
    await expect(asked(cut, true)).rejects.toMatchObject({ problem: { code: 'engine-failed' } });
  });

  it('is not believed of a command that only says so', async () => {
    expect(await asked(gone, true)).toMatchObject({ exitCode: 1 });
    expect(await asked(exited(255, '', 'my own words'), true)).toMatchObject({ exitCode: 255 });
    expect(await asked(exited(1, 'out', 'level=fatal'), false)).toMatchObject({ exitCode: 1 });
  });
});
