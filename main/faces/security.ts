import type { App, Protocol, Session, WebContents, WebPreferences } from 'electron';
import { origin, scheme } from './protocol.ts';

/** How every window of ours is made; no window is made otherwise. */
export function webPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    enableWebSQL: false,
    devTools: !isPackaged,
  };
}

/**
 * What must be said to Chromium before it is ready: nothing of it talks to
 * anybody. The window needs no name resolved and no page fetched, so even what
 * would slip past the session's own fence (WebRTC, prefetches) finds no address.
 */
export function quietChromium({ commandLine }: Pick<App, 'commandLine'>): void {
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-domain-reliability');
  commandLine.appendSwitch('disable-sync');
  commandLine.appendSwitch('disable-http-cache');
  commandLine.appendSwitch('no-pings');
}

/** Makes our own scheme a real, secure origin; must happen before Chromium is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Whether the window may load something: our own page, and the developer tools where there are any. */
export function mayLoad(url: string, isPackaged: boolean): boolean {
  return url.startsWith(`${origin}/`) || (!isPackaged && url.startsWith('devtools://'));
}

/** Shuts a session: no network, no permission, no device, no download. */
export function shutSession(session: Session, isPackaged: boolean): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, isPackaged) }));
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Keeps a page where it is: no way to another page, window or computer, or an embedded one. */
export function holdPage(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // The one way out of a page that no policy and no request filter covers.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
