import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import { fixture } from '../fixtures.ts';
import { createLimactl, errorLine, limaProblem, mustSucceed } from './limactl.ts';

const signal = new AbortController().signal;
const how = { timeoutMs: 1_000, signal };
const at = {
  program: '/Applications/ClawCove.app/Contents/Resources/lima/bin/limactl',
  home: '/Users/anna/.clawcove',
};

describe('an order for Lima', () => {
  it('asks nobody, and concerns nothing but our own folder', async () => {
    const double = strictRun({ [`${at.program} --tty=false list --json`]: exited(0) });
    await createLimactl({ run: double.run, ...at }).call(['list', '--json'], how);
    expect(double.commands).toEqual([
      {
        file: at.program,
        args: ['--tty=false', 'list', '--json'],
        environment: { LIMA_HOME: at.home, LIMA_SSH_PORT_FORWARDER: 'false' },
        ...how,
      },
    ]);
  });

  it('hands files of this computer on as they are', async () => {
    const double = strictRun({ [`${at.program} --tty=false shell x`]: exited(0) });
    const files = { inputFile: '/a b/$(reboot)', outputFile: '/a b/"; rm -rf /' };
    await createLimactl({ run: double.run, ...at }).call(['shell', 'x'], { ...how, ...files });
    expect(double.commands).toMatchObject([files]);
  });

  it.each([
    [{ is: 'not-found' }, 'engine-gone'],
    [{ is: 'timed-out' }, 'engine-too-slow'],
    [{ is: 'killed', by: 'SIGKILL' }, 'engine-failed'],
    [exited(1, '', 'time="t" level=fatal msg="instance \\"clawcove\\" is broken"'), 'engine-failed'],
  ] as const)('that ends as %j is told', async (outcome, code) => {
    const { run } = strictRun({ [`${at.program} --tty=false list`]: outcome });
    const call = mustSucceed(createLimactl({ run, ...at }).call(['list'], how));
    await expect(call).rejects.toMatchObject({ problem: { code } });
  });

  it('can be cancelled', async () => {
    const run = async () => {
      throw new Cancelled();
    };
    await expect(createLimactl({ run, ...at }).call(['list'], how)).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('what Lima says when it fails', () => {
  it('is its last error', () => {
    expect(errorLine(fixture('lima/list.unmatched.exit1.constructed.txt'))).toBe('unmatched instances');
    expect(errorLine('FATA[0031] exiting, status={Running:false} (hint: see "/x/ha.stderr.log")')).toBe(
      'exiting, status={Running:false} (hint: see "/x/ha.stderr.log")',
    );
    expect(errorLine('time="t" level=warning msg="w"\ntime="t" level=fatal msg="a \\"b\\" c"')).toBe(
      'a "b" c',
    );
    expect(errorLine('')).toBe('');
    expect(errorLine('x'.repeat(999))).toHaveLength(300);
  });

  it.each([
    ['write /Users/anna/.clawcove/clawcove/diffdisk: no space left on device', 'no-room-on-disk'],
    ['expected digest of "https://x" to be "sha256:aa", got "sha256:bb"', 'system-damaged'],
    [
      'Get "https://cloud-images.ubuntu.com/x": dial tcp: lookup cloud-images.ubuntu.com: no such host',
      'no-internet',
    ],
    ['Get "https://cloud-images.ubuntu.com/x": net/http: TLS handshake timeout', 'source-silent'],
    [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'somebody-in-between',
    ],
    ['expected status 200, got 404 Not Found', 'system-gone'],
    // As people have shown it to the makers of zerobrew and vfkit.
    [
      'Error Domain=VZErrorDomain Code=2 Description="Invalid virtual machine configuration. The process doesn’t have the “com.apple.security.virtualization” entitlement."',
      'machine-not-permitted',
    ],
    // As Lima’s own makers have seen it on a Mac inside a machine.
    [
      '{"level":"fatal","msg":"Error Domain=VZErrorDomain Code=2 Description=\\"Invalid virtual machine configuration. Virtualization is not available on this hardware.\\""}',
      'virtualization-missing',
    ],
    ['VZ driver requires macOS 13 or higher to run', 'machine-system-too-old'],
    ['limactl is running under rosetta, please reinstall lima with native arch', 'machine-wrong-processor'],
    ['something else', 'engine-failed'],
  ])('%s', (stderr, code) => {
    expect(limaProblem(stderr)).toBeInstanceOf(ProblemError);
    expect(limaProblem(stderr).problem.code).toBe(code);
  });
});
