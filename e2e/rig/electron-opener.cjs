// Stands in for Electron's default_app.asar, which the borrowed Electron doesn't bring: opens the app in the
// folder that the command line names first, as `electron FOLDER` does.
const { app } = require('electron');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const folder = path.resolve(process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '.');
const description = require(path.join(folder, 'package.json'));
const name = description.productName ?? description.name;

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
app.setName(name);
app.setVersion(description.version);
app.setDesktopName(`${name}.desktop`);
app.setPath('userData', path.join(app.getPath('appData'), name));
app.setAppPath(folder);
import(pathToFileURL(require.resolve(folder)).href).catch((error) => {
  console.error(error);
  process.exit(1);
});
