/** What installing packages would take, asked of the system's own installer without installing anything; pure. */
import type { InstallSizes } from '../doors.ts';

const aptInstall = 'apt-get install -y ';
const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/**
 * The question, which anybody may ask; null: this installer answers administrators only, or says nothing. Without its
 * locks it answers while others install, too. Source: apt-get(8).
 *
 * @param lines what would be run, see packages.ts
 */
export function sizeQuestion(lines: readonly string[]): { file: string; args: string[] } | null {
  const line = lines.findLast((each) => each.startsWith(aptInstall));
  if (line === undefined) return null;
  const names = line.slice(aptInstall.length).split(' ');
  return { file: 'apt-get', args: ['-o', 'Debug::NoLocking=true', '--assume-no', 'install', ...names] };
}

const bytesIn = (text: string | undefined): number | null => {
  const [, number = '', unit = ''] = /^([\d,]+(?:\.\d+)?) (B|kB|MB|GB)$/.exec(text ?? '') ?? [];
  const factor = units[unit];
  return factor === undefined ? null : Math.round(Number(number.replaceAll(',', '')) * factor);
};

/** Reads what it said (in English); null: it is something else. As recorded on apt 2.6: what is here already comes before a slash. */
export function sizesIn(text: string): InstallSizes | null {
  const download = /^Need to get ([\d.,]+ [kMG]?B)(?:\/[\d.,]+ [kMG]?B)? of archives\.$/m.exec(text)?.[1];
  const disk = /^After this operation, ([\d.,]+ [kMG]?B) of additional disk space will be used\.$/m.exec(
    text,
  )?.[1];
  const freed = /^After this operation, [\d.,]+ [kMG]?B disk space will be freed\.$/m.test(text);
  const downloadBytes = bytesIn(download);
  const diskBytes = freed ? 0 : bytesIn(disk);
  return downloadBytes === null || diskBytes === null ? null : { downloadBytes, diskBytes };
}
