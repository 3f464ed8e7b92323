/**
 * What a program that ClawCove starts gets to know of its surroundings: a list of
 * names that may pass, because what leaks in otherwise does harm. Started from an
 * AppImage, LD_LIBRARY_PATH points at our own libraries and breaks the system's
 * programs; Electron's own variables turn any Electron program into a plain Node;
 * CONTAINER_HOST would send Podman to another computer.
 */
const passed = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
  'XDG_SESSION_ID',
  'XDG_SESSION_TYPE',
  'XDG_CURRENT_DESKTOP',
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  // How this computer reaches the internet, and whom it trusts there.
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // Where the person's engine is configured, if not in the usual places.
  'CONTAINERS_CONF',
  'CONTAINERS_REGISTRIES_CONF',
  'CONTAINERS_STORAGE_CONF',
  'STORAGE_DRIVER',
  'REGISTRY_AUTH_FILE',
] as const;

/** Debian gives ordinary people a PATH without the sbin folders, where runc, ss and usermod are. */
const systemFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The environment for every program that ClawCove starts; pure.
 *
 * @param own ClawCove's own environment
 * @param appFolder where an AppImage is mounted (`APPDIR`); its folders are taken out of PATH
 */
export function environmentForPrograms(
  own: NodeJS.ProcessEnv,
  appFolder: string | undefined = own.APPDIR,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of passed) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  const folders = (own.PATH ?? '').split(':').filter((folder) => folder !== '' && !isOurs(folder, appFolder));
  environment.PATH = [...new Set([...folders, ...systemFolders])].join(':');
  // Podman would start a session bus of its own for every call, and leave it behind (seen on 4.3.1).
  if (!environment.DBUS_SESSION_BUS_ADDRESS && own.XDG_RUNTIME_DIR)
    environment.DBUS_SESSION_BUS_ADDRESS = `unix:path=${own.XDG_RUNTIME_DIR}/bus`;
  // Messages are read by this program: in English, and in UTF-8.
  environment.LANG = 'C.UTF-8';
  environment.LC_ALL = 'C.UTF-8';
  return environment;
}

function isOurs(folder: string, appFolder: string | undefined): boolean {
  return appFolder !== undefined && (folder === appFolder || folder.startsWith(`${appFolder}/`));
}
