/** The person's own `.wslconfig`, which counts for all distributions at once: it is read, never written. Pure. */

/** How WSL's virtual machine reaches networks. Source: MicrosoftDocs/WSL, wsl-config. */
export type Networking = 'nat' | 'mirrored' | 'virtioproxy' | 'bridged' | 'none';

export interface WslConfig {
  readonly networking: Networking;
  /** Whether what listens inside can be reached at 127.0.0.1 outside. */
  readonly forwardsLocalhost: boolean;
  /** Whether questions for names are asked through Windows, which knows of VPNs; off, a VPN often cuts the home off. */
  readonly tunnelsNames: boolean;
  /** Whether folders of Windows can be mounted at all. */
  readonly sharesFiles: boolean;
}

/** Reads the file; what is not there counts as WSL's own choice. */
export function wslConfigFrom(text: string): WslConfig {
  const values = valuesOf(text);
  const isOn = (key: string) => (values.get(key) ?? 'true').toLowerCase() !== 'false';
  const mode = values.get('wsl2.networkingmode')?.toLowerCase() ?? 'nat';
  const known: readonly Networking[] = ['nat', 'mirrored', 'virtioproxy', 'bridged', 'none'];
  return {
    networking: known.find((each) => each === mode) ?? 'nat',
    forwardsLocalhost: isOn('wsl2.localhostforwarding'),
    tunnelsNames: isOn('wsl2.dnstunneling'),
    sharesFiles: isOn('wsl2.hostfilesystemaccess'),
  };
}

/** `section.key` in small letters; `[experimental]` once held what `[wsl2]` holds now. */
function valuesOf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r*\n/)) {
    const [, name] = /^\s*\[\s*(\w+)\s*\]/.exec(line) ?? [];
    if (name !== undefined) section = name.toLowerCase().replace(/^experimental$/, 'wsl2');
    const [, key, value] = /^\s*(\w+)\s*=\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    if (key !== undefined)
      values.set(`${section}.${key.toLowerCase()}`, (value ?? '').replace(/^"(.*)"$/, '$1'));
  }
  return values;
}

/**
 * IPv4 addresses by which the home would reach this computer beyond what looks near anyway. Mirrored, the two share
 * their interfaces: 127.0.0.1 inside is that of Windows. 10.255.255.254 is where WSL has names asked for.
 */
export function waysToComputer({ networking }: WslConfig): string[] {
  return networking === 'mirrored' ? ['127.0.0.1'] : [];
}

/**
 * The setting that keeps a home from working, as it stands in the file; null: none does. Bridged, the home would be a
 * computer of its own in the person's network, for everybody there.
 */
export function wslConfigTrap(config: WslConfig): string | null {
  const { networking, forwardsLocalhost, sharesFiles } = config;
  if (networking === 'none' || networking === 'bridged') return `networkingMode=${networking}`;
  if (!forwardsLocalhost && networking === 'nat') return 'localhostForwarding=false';
  return sharesFiles ? null : 'hostFileSystemAccess=false';
}

/** Addresses in `ss -H -l -t -n` at which somebody listens inside; untrusted. `*` and `[::]` are every one. */
export function listenersIn(untrustedSs: string, port: number): string[] {
  return untrustedSs.split('\n').flatMap((line) => {
    const local = line.trim().split(/\s+/)[3] ?? '';
    if (!local.endsWith(`:${port}`)) return [];
    const address = local
      .slice(0, -`:${port}`.length)
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/%.*$/, '');
    return [address === '*' || address === '::' ? '0.0.0.0' : address];
  });
}
