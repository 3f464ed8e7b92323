/** Builds the window on another system's doors: the product's own code, with that system's files and paths under it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { type ModuleName, moduleNames } from '../../main/testing/systems/elsewhere.ts';
import { cacheFolder, checkoutFolder } from '../rig/settings.ts';

export type System = 'windows' | 'macos';

/** What stands in their place on either system; a Mac's paths are Linux's. */
const namesOn = (system: System): readonly ModuleName[] =>
  moduleNames.filter((name) => system === 'windows' || name !== 'node:path');

/** Code that lives on this computer whatever the other one is: Electron's own, and what turns the files around. */
const ofThisComputer = /\/main\/(?:faces|bridge)\/|\/main\/testing\/systems\/elsewhere\.ts$/;

/** Hands the other system's modules to the product's code, and to no package and nobody else. */
function elsewhere(system: System): Plugin {
  const mark = '\0elsewhere:';
  return {
    name: 'elsewhere',
    enforce: 'pre',
    resolveId(source, importer) {
      const isProduct = importer?.startsWith(`${checkoutFolder}/main/`) && !ofThisComputer.test(importer);
      return isProduct && namesOn(system).some((name) => name === source) ? mark + source : null;
    },
    async load(id) {
      if (!id.startsWith(mark)) return null;
      const name = id.slice(mark.length);
      const names = Object.keys(await import(name)).filter(
        (key) => /^[a-z_$][\w$]*$/i.test(key) && key !== 'default',
      );
      return [
        `import { elsewhere } from ${JSON.stringify(join(checkoutFolder, 'main/testing/systems/elsewhere.ts'))};`,
        `const module = elsewhere(${JSON.stringify(name)}, ${JSON.stringify(system)});`,
        ...names.map((key) => `export const ${key} = module.${key};`),
        'export default module.default;',
      ].join('\n');
    },
  };
}

/**
 * Builds it; seconds.
 *
 * @returns a folder that Electron opens
 */
export async function buildSystem(system: System): Promise<string> {
  const folder = join(cacheFolder, 'systems', system);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    configFile: false,
    root: checkoutFolder,
    logLevel: 'error',
    plugins: [elsewhere(system)],
    ssr: {
      noExternal: true,
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
    },
    build: {
      ssr: join(checkoutFolder, 'e2e/systems/main.ts'),
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { format: 'es', entryFileNames: 'main.js' } },
    },
  });
  const about = { name: `clawcove-on-${system}`, version: '0.1.0', type: 'module', main: 'main.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  return folder;
}
