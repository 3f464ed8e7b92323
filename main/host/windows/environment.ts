/**
 * What a program that ClawCove starts on Windows gets to know of its surroundings; pure. A list of names that may pass,
 * as on Linux: Electron's own variables turn any Electron program into a plain Node, and WSLENV would carry whatever it
 * names into the home.
 */
const passed = [
  ...[
    'SystemRoot',
    'windir',
    'SystemDrive',
    'ComSpec',
    'PATHEXT',
    'TEMP',
    'TMP',
    'OS',
    'NUMBER_OF_PROCESSORS',
  ],
  ...[
    'USERPROFILE',
    'USERNAME',
    'USERDOMAIN',
    'HOMEDRIVE',
    'HOMEPATH',
    'APPDATA',
    'LOCALAPPDATA',
    'COMPUTERNAME',
  ],
  ...['ProgramData', 'ALLUSERSPROFILE', 'PUBLIC', 'ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432'],
  ...[
    'CommonProgramFiles',
    'CommonProgramFiles(x86)',
    'PROCESSOR_ARCHITECTURE',
    'SESSIONNAME',
    'LOGONSERVER',
  ],
];

/** @param folder System32: all that programs need to find each other */
export function windowsEnvironment(own: NodeJS.ProcessEnv, folder: string): Record<string, string> {
  const wanted = new Map(passed.map((name) => [name.toLowerCase(), name]));
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    const plain = wanted.get(name.toLowerCase());
    if (plain !== undefined && value !== undefined) environment[plain] = value;
  }
  // Modules of PowerShell's are looked for in Windows' own place only.
  environment.PSModulePath = `${folder}\\WindowsPowerShell\\v1.0\\Modules`;
  environment.PATH = [folder, folder.replace(/\\System32$/i, ''), `${folder}\\Wbem`].join(';');
  return environment;
}
