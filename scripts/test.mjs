// npm test: everything, from a fresh clone on. --unit, --real or --e2e runs a part. The last line is always
// "N passed, N failed" (", N skipped"), and a step that could not run counts as failed.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from './build.mjs';
import { pinnedNode, project, setUp } from './setup.mjs';

const flags = process.argv.slice(2);
const parts = ['--unit', '--real', '--e2e'];
const unknown = flags.filter((flag) => !parts.includes(flag));
const asked = (part) => flags.length === 0 || flags.includes(part);

// Both the invoker and the rig's person write their results here.
const results = mkdtempSync(join(tmpdir(), 'clawcove-test-'));
chmodSync(results, 0o777);
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed and how, said once more at the end: what stands there is what is kept of a long log. */
const failures = [];

/** @returns the exit code; null where the command was ended by a signal or couldn't be started */
function run(file, args, env = {}) {
  const { status, error } = spawnSync(file, args, {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  return status;
}

const rig = (...args) => run(pinnedNode, ['e2e/rig/rig.ts', ...args]);

/**
 * Does one step. A failed step counts as one failure and stops nothing but the steps that `needs` names.
 * @returns whether it went well
 */
function step(name, work, ...needs) {
  console.log(`\n=== ${name}`);
  const began = Date.now();
  let wrong;
  try {
    if (needs.includes(false)) wrong = 'not run: something it needs failed';
    else if (work() === false) wrong = 'failed';
  } catch (error) {
    wrong = error.message;
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`=== ${name}: ${wrong ?? 'done'} (${seconds} s)`);
  if (wrong) {
    total.failed += 1;
    failures.push(`${name}: ${wrong}`);
  }
  return !wrong;
}

/** Adds a suite's counts. A suite whose runner failed beyond its counted tests adds one failure. */
function count(counts, exitCode) {
  total.passed += counts.passed;
  total.skipped += counts.skipped;
  total.failed += counts.failed;
  return exitCode === 0 || counts.failed > 0;
}

const readJson = (file) => {
  if (!existsSync(file)) throw new Error('the runner ended without a report');
  return JSON.parse(readFileSync(file, 'utf8'));
};

/** A failed test, with the beginning of what was wrong. */
const described = (name, messages) => [name, ...messages].join('\n').slice(0, 2_000);

/** The failed ones of Playwright's suites, which hold suites. */
const unwell = ({ suites = [], specs = [] }) => [
  ...specs
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => {
      const results = tests.flatMap((test) => test.results);
      return described(
        title,
        results.flatMap((result) => result.errors.map(({ message }) => message)),
      );
    }),
  ...suites.flatMap(unwell),
];

function vitest(name, config, through) {
  const report = join(results, `${name}.json`);
  const command = [
    'node_modules/vitest/vitest.mjs',
    'run',
    `--config=${config}`,
    // Node reads TypeScript by itself; the bundling loader would write into node_modules, which the rig's
    // person may not.
    '--configLoader=native',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const exitCode = through(command);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readJson(report);
  for (const { fullName, status, failureMessages } of testResults.flatMap((file) => file.assertionResults))
    if (status === 'failed') failures.push(described(fullName, failureMessages));
  return count(
    { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests },
    exitCode,
  );
}

const hasSpecs = () =>
  readdirSync(join(project, 'e2e'), { recursive: true }).some((name) => /\.spec\.tsx?$/.test(String(name)));

function playwright() {
  if (!hasSpecs()) {
    console.log('There are no e2e specs yet.');
    return true;
  }
  const report = join(results, 'e2e.json');
  const exitCode = run(pinnedNode, ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  const { stats, suites } = readJson(report);
  failures.push(...unwell({ suites }));
  return count(
    { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
    exitCode,
  );
}

function testAll() {
  if (unknown.length > 0) {
    step(`${unknown.join(' ')}: only ${parts.join(', ')} are known`, () => false);
    return;
  }
  if (!step('packages', setUp)) return;
  if (flags.length === 0) step('check', () => run('npm', ['run', '--silent', 'check']) === 0);
  if (asked('--unit'))
    step('unit tests', () => vitest('unit', 'vitest.config.ts', (command) => run(pinnedNode, command)));
  if (!asked('--real') && !asked('--e2e')) return;
  const built = !asked('--e2e') || step('build', build);
  const ready = step('rig', () => rig('prepare') === 0);
  if (asked('--real'))
    step(
      'real engine',
      () =>
        rig('clean') === 0 &&
        vitest('real', 'vitest.real.config.ts', (command) => rig('run', '--', 'node', ...command)),
      ready,
    );
  if (asked('--real') && process.getuid?.() === 0)
    step(
      'real machine',
      () =>
        vitest('machine', 'vitest.real.config.ts', (command) =>
          run(pinnedNode, [...command, 'distro.real', 'device.real', 'dedication.real']),
        ),
      ready,
    );
  if (asked('--e2e')) step('e2e', () => rig('clean') === 0 && playwright(), ready, built);
  // Nothing of ours goes on running on a machine that isn't a person's.
  if (process.env.CI) step('rig down', () => rig('down') === 0);
}

try {
  testAll();
} catch (error) {
  failures.push(String(error.stack));
  total.failed += 1;
} finally {
  rmSync(results, { recursive: true, force: true });
}
for (const failure of failures) console.error(`\n✗ ${stripVTControlCharacters(failure)}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
