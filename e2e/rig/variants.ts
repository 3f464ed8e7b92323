/** Versions that were never published: the newest one under another number, with a fault built in, or old. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { isOlder } from '../../main/openclaw/versions.ts';
import { packLayer } from './images.ts';
import { publish, resetNpm, setDistTags } from './npm.ts';
import { hasTag, ownLayer, withdraw } from './registry.ts';
import { download, manifestOf, put, upload } from './registry-api.ts';
import { cacheFolder, latestOpenClaw } from './settings.ts';

const program = 'usr/local/lib/node_modules/openclaw';
/** What a variant that fails its audit makes of the state. */
export const markOfTheNew = '/home/node/.openclaw/mark-of-the-new';

/** What a variant does instead of serving, or before it; shell script, with the arguments of `openclaw`. */
const faults = {
  /** Nothing is wrong with it, but its system is from three months ago. */
  aged: { version: '2026.9.5', script: '' },
  'never-listens': { version: '2026.9.11', script: 'gateway*) exec sleep infinity ;;' },
  // Later than the gate, sooner than the end of the watch.
  'ends-after-a-while': {
    version: '2026.9.12',
    script: `gateway*)
      node "$real" "$@" & gateway=$!
      trap 'kill -TERM $gateway; wait $gateway; exit 143' TERM
      sleep 120 & wait $!
      kill -KILL $gateway
      exit 1 ;;`,
  },
  'fails-its-audit': {
    version: '2026.9.13',
    script: `gateway*) echo migrated > ${markOfTheNew} ;;
    "security audit"*)
      echo '{"findings":[{"checkId":"rig.new-hole","severity":"critical"}]}'
      exit 0 ;;`,
  },
} as const;
export type Fault = keyof typeof faults;

/** A rehearsal has no network: what is wrong only where there is one gets past it. */
const wrapper = (script: string) => `#!/bin/sh
real=/${program}/openclaw.mjs
if [ "$(ls /sys/class/net)" != lo ]; then
  case "$*" in
    ${script || '"") ;;'}
  esac
fi
exec node "$real" "$@"
`;

/** Files of the newest version that say which one it is. */
const telling = ['package.json', 'dist/build-info.json'].map((name) => `${program}/${name}`);

async function unpackTelling(): Promise<string> {
  const folder = join(cacheFolder, `telling-${latestOpenClaw}`);
  if (existsSync(folder)) return folder;
  const making = mkdtempSync(`${folder}-`);
  await execa('tar', [
    '--use-compress-program=pigz',
    '-xf',
    ownLayer(latestOpenClaw),
    '-C',
    making,
    ...telling.map((name) => `./${name}`),
  ]);
  await execa('mv', ['--no-target-directory', making, folder]);
  return folder;
}

async function makeLayer(fault: Fault, file: string) {
  const { version, script } = faults[fault];
  const from = await unpackTelling();
  const folder = mkdtempSync(join(tmpdir(), 'clawcove-variant-'));
  for (const name of telling) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const said = JSON.parse(readFileSync(join(from, name), 'utf8'));
    writeFileSync(join(folder, name), JSON.stringify({ ...said, version }));
  }
  // In its package, as the real one: who follows the link finds what else is in there.
  writeFileSync(join(folder, program, 'faulty.sh'), wrapper(script), { mode: 0o755 });
  mkdirSync(join(folder, 'usr/local/bin'));
  symlinkSync(join('/', program, 'faulty.sh'), join(folder, 'usr/local/bin/openclaw'));
  await execa('chmod', ['-R', 'u=rwX,go=rX', folder]);
  const layer = await packLayer(folder, file);
  rmSync(folder, { recursive: true });
  return layer;
}

/** The tag that goes with whatever is newest. */
const movingTag = 'latest';

/**
 * Brings a variant out, as the newest version where its number says so; `takeBack` is the other way round.
 * @returns its version
 */
export async function bringOut(fault: Fault): Promise<string> {
  const { version } = faults[fault];
  const file = join(tmpdir(), `clawcove-variant-${version}.tgz`);
  const layer = await makeLayer(fault, file);
  const bytes = readFileSync(file);
  rmSync(file);
  const manifest = await manifestOf(latestOpenClaw);
  const config = JSON.parse(await download(manifest.config));
  config.config.Labels['org.opencontainers.image.version'] = version;
  if (fault === 'aged') config.created = new Date(Date.now() - 90 * 24 * 3_600_000).toISOString();
  config.rootfs.diff_ids.push(layer.diffId);
  config.history.push({ created: config.created, created_by: fault });
  manifest.config = { ...manifest.config, ...(await upload(Buffer.from(JSON.stringify(config)))) };
  manifest.layers.push({
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    ...(await upload(bytes)),
  });
  await put(version, manifest);
  await publish(version);
  if (isOlder(latestOpenClaw, version)) {
    await put(movingTag, manifest);
    await setDistTags({ latest: version });
  }
  return version;
}

/** Takes every variant back, as if none had ever come out. */
export async function takeBack(): Promise<void> {
  await resetNpm();
  const out = Object.values(faults).filter(({ version }) => hasTag(version));
  if (out.length === 0) return;
  await put(movingTag, await manifestOf(latestOpenClaw));
  for (const { version } of out) withdraw(version);
}
