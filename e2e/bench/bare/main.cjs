// The least that an Electron app with a window and a tray can be: what ClawCove is measured against.
const { app, BrowserWindow, nativeImage, Tray } = require('electron');
const { join } = require('node:path');

// Kept reachable, or it is collected and disappears.
app.enableSandbox();
app.whenReady().then(() => {
  const isHidden = process.argv.includes('--hidden');
  globalThis.tray = new Tray(
    nativeImage.createFromPath(join(__dirname, '../../../assets/icons/tray/good.png')),
  );
  if (isHidden) return;
  new BrowserWindow({ width: 1080, height: 760 }).loadFile(join(__dirname, 'index.html'));
});
app.on('window-all-closed', () => {});
