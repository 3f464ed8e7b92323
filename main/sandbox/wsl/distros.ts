/** Which distributions there are, by Windows' registry and by wsl.exe's list; pure. */
import { parseRegistry, registryNumber } from '../../host/windows/registry.ts';

/** Where WSL notes its distributions. Source: microsoft/WSL, DistributionRegistration.h. */
export const lxssKey = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss';

/** One distribution as the registry knows it. */
export interface Distro {
  readonly id: string;
  readonly name: string;
  /**
   * `half-made`: it is being installed, or was when somebody was killed, and holds nothing yet; `going`: it is being
   * removed; `busy`: whatever else, and never to be taken for one that holds nothing.
   */
  readonly standing: 'installed' | 'half-made' | 'going' | 'busy';
  readonly wslVersion: number | null;
  /** Where it lies. In the console's old encoding: what is not ASCII can't be told. */
  readonly folder: string;
  readonly diskFile: string;
}

/** Source: LxssDistributionState. */
const standings: Readonly<Record<number, Distro['standing']>> = {
  1: 'installed',
  3: 'half-made',
  4: 'going',
};

/** Reads `reg query HKCU\…\Lxss /s`. What carries no name is no distribution. */
export function distrosFrom(text: string): Distro[] {
  return [...parseRegistry(text)].flatMap(([key, values]) => {
    const name = values.get('DistributionName');
    const id = /\\(\{[0-9a-f-]{36}\})$/i.exec(key)?.[1];
    if (name === undefined || id === undefined) return [];
    return [
      {
        id,
        name,
        standing: standings[registryNumber(values.get('State')) ?? 0] ?? 'busy',
        wslVersion: registryNumber(values.get('Version')),
        folder: (values.get('BasePath') ?? '').replace(/^\\\\\?\\/, ''),
        diskFile: values.get('VhdFileName') ?? 'ext4.vhdx',
      },
    ];
  });
}

/**
 * Whether a path that reg.exe printed is ours as far as can be told. It prints in the console's old encoding, in which a
 * Jürgen or a 王芳 is anything, even with a backslash in it: there, whatever stands between the rest of our path counts.
 */
export function isSamePath(seen: string, ours: string): boolean {
  const [a, b] = [seen, ours].map((path) => path.replace(/[\\/]+$/, '').toLowerCase()) as [string, string];
  if (!/[^\x20-\x7e]/u.test(b)) return a === b;
  const pieces = b.split(/[^\x20-\x7e]+/u).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.+')}$`, 'su').test(a);
}

/** One line of `wsl --list --verbose`. Its words for states are the same in every language. Source: WslClient.cpp. */
export interface Listed {
  readonly name: string;
  readonly state: 'Running' | 'Stopped' | 'Installing' | 'Uninstalling' | 'Converting' | 'Exporting';
  readonly wslVersion: number;
}

/** Reads `wsl --list --verbose`; empty where it says, in whatever language, that there are none. */
export function listedFrom(text: string): Listed[] {
  return text.split('\n').flatMap((line) => {
    const [, name, state, version] =
      /^[* ] (\S+)\s+(Running|Stopped|Installing|Uninstalling|Converting|Exporting)\s+([12])\s*$/.exec(
        line,
      ) ?? [];
    return name === undefined ? [] : [{ name, state: state as Listed['state'], wslVersion: Number(version) }];
  });
}
