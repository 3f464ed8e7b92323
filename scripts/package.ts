// Packages what scripts/package.mjs has built: node scripts/package.ts [what electron-builder understands …]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsFrom } from './package-settings.ts';

const project = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'clawcove-package-'));
try {
  const config = join(scratch, 'config.json');
  // A secret that isn't set comes as an empty variable; electron-builder takes that for a certificate.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const settings = settingsFrom(environment);
  writeFileSync(config, JSON.stringify({ extends: join(project, 'electron-builder.yml'), ...settings }));
  const builder = fileURLToPath(import.meta.resolve('electron-builder/cli.js'));
  const words = [...process.argv.slice(2), '--publish', 'never', '--config', config];
  const { status } = spawnSync(process.execPath, [builder, ...words], {
    cwd: project,
    stdio: 'inherit',
    env: environment,
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
