/**
 * What a program that ClawCove starts on a Mac gets to know of its surroundings; pure. A list of names that may pass, as
 * on Linux: variables of dyld's put libraries into programs, LIMA_HOME and its kin send Lima elsewhere.
 */
const passed = [
  ...['HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', '__CF_USER_TEXT_ENCODING', 'SSL_CERT_FILE'],
  ...[
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'no_proxy',
  ],
];

/** Where macOS keeps its own programs. What package managers put elsewhere is not ours to start. */
const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

export function macEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of passed) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  environment.PATH = systemFolders.join(':');
  // Messages are read by this program: in English, and in UTF-8. macOS has no C.UTF-8 before 15.
  environment.LANG = 'en_US.UTF-8';
  environment.LC_ALL = 'en_US.UTF-8';
  return environment;
}
