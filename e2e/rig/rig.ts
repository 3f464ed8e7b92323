import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensurePackages } from './apt.ts';
import { browserDebugUrl, browserPackages, configureBrowser, openedPages } from './browser.ts';
import { readableCheckout } from './checkout.ts';
import { cleanHome } from './clean-home.ts';
import { ensureCloudImage } from './cloud-image.ts';
import { displayPackages, lendScreen, startDisplay, stopDisplay } from './display.ts';
import { startDocker, stopDocker } from './docker.ts';
import { electronPackages, ensureElectron, type RigElectron } from './electron.ts';
import { buildImages, imageDigests, imagePackages, imagesReady, pushImages, renewConfigs } from './images.ts';
import { createLan, destroyLan, lanPackages } from './lan.ts';
import { withLock } from './lock.ts';
import { modelOrigin, startModel, stopModel } from './model.ts';
import { startNpm, stopNpm } from './npm.ts';
import { configurePodman, enginePackages } from './podman.ts';
import { polkitPackages, setAdministratorConsent, startPolkit, stopPolkit } from './polkit.ts';
import { registryAddress, registryPackages, restore, show, startRegistry, stopRegistry } from './registry.ts';
import {
  cacheFolder,
  displayNumber,
  isLong,
  isRoot,
  lan,
  latestOpenClaw,
  openClawVersions,
} from './settings.ts';
import { step } from './steps.ts';
import { asUser, ensureUser, type RigUser, rigUser, sessionEnv } from './user.ts';
import { takeBack } from './variants.ts';

/** What `prepareRig` made; also written to rig.json in the cache folder. */
export interface Rig {
  cacheFolder: string;
  /** The checkout where the person can read it. */
  checkout: string;
  user: RigUser;
  /** The person's environment, complete. Tests add to it and hand it to Playwright. */
  env: Record<string, string>;
  display: string;
  electron: RigElectron;
  browserDebugUrl: string;
  /** Null where the rig isn't root: the official registry serves then. */
  registry: {
    address: string;
    latest: string;
    versions: readonly string[];
    digests: Record<string, string>;
  } | null;
  /** The OpenAI-compatible base URL as a container reaches it. */
  modelUrl: string;
  lan: typeof lan | null;
}

const images = async () => {
  await ensurePackages(imagePackages);
  await buildImages();
};

async function install(): Promise<RigElectron> {
  await step('account', ensureUser);
  // A test that was killed may have left a version hidden: it need not be built again.
  for (const version of openClawVersions) show(version);
  const building = isRoot && !imagesReady();
  // What the images are built with comes first, so that building overlaps with all other installing.
  if (building) await step('packages for images', () => ensurePackages(imagePackages));
  const others = [
    ...registryPackages,
    ...lanPackages,
    ...electronPackages,
    ...enginePackages,
    ...displayPackages,
    ...polkitPackages,
    ...browserPackages,
  ];
  const [, electron] = await Promise.all([
    building ? images() : undefined,
    step('packages', () => ensurePackages(others)).then(() => step('Electron', ensureElectron)),
  ]);
  return electron;
}

async function startSession(): Promise<void> {
  await step('network', createLan);
  await Promise.all([
    step('screen and session bus', startDisplay),
    step('administrator prompts', startPolkit),
    step('registry', startRegistry),
    step('model', startModel),
    step('npm', startNpm),
  ]);
  if (!isRoot) return;
  await setAdministratorConsent('allow');
  // A test that was killed may have left a corrupted image behind, or one of its own.
  if (!imagesReady()) return;
  for (const version of openClawVersions) restore(version);
  await takeBack();
  await step('images', renewConfigs);
}

/**
 * Makes everything that the tests need, and starts it: again and again without harm. The first time takes
 * minutes (each step says how long), later a few seconds.
 */
export function prepareRig(): Promise<Rig> {
  mkdirSync(cacheFolder, { recursive: true });
  return withLock(async () => {
    const electron = await install();
    configurePodman();
    configureBrowser();
    await startSession();
    if (isRoot && !imagesReady()) await step('images into the registry', pushImages);
    const rig: Rig = {
      cacheFolder,
      checkout: await step('checkout', readableCheckout),
      user: rigUser(),
      env: sessionEnv(),
      display: `:${displayNumber}`,
      electron,
      browserDebugUrl,
      registry: isRoot
        ? {
            address: registryAddress,
            latest: latestOpenClaw,
            versions: openClawVersions,
            digests: imageDigests(),
          }
        : null,
      modelUrl: `${modelOrigin()}/v1`,
      lan: isRoot ? lan : null,
    };
    writeFileSync(join(cacheFolder, 'rig.json'), `${JSON.stringify(rig, null, 2)}\n`);
    return rig;
  });
}

/** Stops everything that `prepareRig` started. The cache stays. */
async function takeRigDown(): Promise<void> {
  await Promise.all([stopModel(), stopNpm(), stopRegistry(), stopDisplay(), stopPolkit(), stopDocker()]);
  await destroyLan();
}

/**
 * Runs a command as the person, in their session, in the checkout, with the checkout's own tools (and its
 * Node) in front of their PATH.
 * @returns its exit code
 */
async function run(command: readonly string[]): Promise<number> {
  const { checkout, env } = await prepareRig();
  // Only the drivers' own tests, which run like this, want it.
  await step('Docker', startDocker);
  const PATH = `${join(checkout, 'node_modules/.bin')}:${env.PATH}`;
  const [file = '', ...args] = asUser(command, { PATH, ...(isLong && { CLAWCOVE_E2E_LONG: '1' }) });
  const { exitCode } = await execa(file, args, { cwd: checkout, stdio: 'inherit', reject: false });
  return exitCode ?? 1;
}

/**
 * The little that it takes to open the app by hand where the pinned Electron can't be had or the invoker is
 * root: no engine, no registry. Says on standard output, as JSON, what to start.
 */
async function electron(): Promise<void> {
  await ensureUser();
  await ensurePackages([...electronPackages, ...displayPackages]);
  const { executable, wrapper } = await step('Electron', ensureElectron);
  if (isRoot) await startDisplay();
  const env = { ...sessionEnv(), ...(isRoot && lendScreen(process.env)) };
  console.log(JSON.stringify({ executable, wrapper, checkout: await readableCheckout(), env }));
}

const usage = `node e2e/rig/rig.ts COMMAND
  prepare             make and start everything
  run -- COMMAND …    run a command as the ordinary person, in their session
  clean [--keep-images]  give the person a new computer
  cloud-image         make what virtual machines are made from, and say where it is
  electron            make what opens the app by hand, and say where it is
  opened              the pages that the product opened in the browser
  down                stop everything (the cache stays)`;

if (import.meta.main) {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'prepare') await prepareRig();
  else if (command === 'run') process.exitCode = await run(rest[0] === '--' ? rest.slice(1) : rest);
  else if (command === 'clean') await cleanHome({ keepImages: rest.includes('--keep-images') });
  else if (command === 'cloud-image') console.log(await ensureCloudImage());
  else if (command === 'electron') await electron();
  else if (command === 'opened') console.log(openedPages().join('\n'));
  else if (command === 'down') await takeRigDown();
  else {
    console.error(usage);
    process.exitCode = 2;
  }
}
