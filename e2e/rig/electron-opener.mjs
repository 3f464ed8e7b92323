// Stands in for Electron's default_app.asar, which the borrowed Electron doesn't bring: opens the app in the
// folder that the command line names first, as `electron FOLDER` does. A module, because Electron gets ready
// only when its entry module has ended, and so not before the app's own first lines have run.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = resolve(process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '.');
const {
  name: plainName,
  productName,
  version,
  main,
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const name = productName ?? plainName;

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
app.setName(name);
app.setVersion(version);
app.setDesktopName(`${name}.desktop`);
app.setPath('userData', join(app.getPath('appData'), name));
app.setAppPath(folder);
await import(pathToFileURL(join(folder, main)).href);
