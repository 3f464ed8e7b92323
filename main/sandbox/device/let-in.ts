/**
 * How another computer comes to let ClawCove in; pure. Its administrator does this once, by hand or with their
 * password over SSH. Two things are laid there, and nothing is changed of what was there before: the one script
 * that ClawCove's commands go through, and one line in root's list of keys. The line opens that script, and the
 * way to ports of that computer's own loopback; nothing else, no terminal, no other way out.
 *
 * Whoever has the key is that computer's administrator. That is what it takes to keep a home there, and why the
 * computer must be there for nothing else. The key lies on this computer, for its person's eyes only.
 */
import { runScript, scriptInside } from '../ssh/guest-script.ts';

const keysFile = '/root/.ssh/authorized_keys';
const folder = scriptInside.slice(0, scriptInside.lastIndexOf('/'));
const endOfScript = 'END-OF-RUN';

/** The line in the list of keys. @param publicKey as ssh-keygen writes it */
export function keyLine(publicKey: string): string {
  const [kind = '', key = ''] = publicKey.trim().split(/\s+/);
  if (kind !== 'ssh-ed25519' || !/^[A-Za-z0-9+/]{68}$/.test(key)) throw new Error('not a key of ours');
  return `restrict,port-forwarding,permitopen="127.0.0.1:*",command="${scriptInside}" ${kind} ${key} clawcove`;
}

/** What runs there as root: lines of a shell script, for the person to read. Changes nothing the second time. */
export function letInScript(publicKey: string): string[] {
  const line = keyLine(publicKey);
  return [
    'set -eu',
    'umask 022',
    'for tool in systemctl bash base64; do command -v "$tool" > /dev/null; done',
    `install -d -m 755 ${folder}`,
    `cat > ${scriptInside} << '${endOfScript}'`,
    ...runScript.trimEnd().split('\n'),
    endOfScript,
    `chmod 755 ${scriptInside}`,
    'install -d -m 700 /root/.ssh',
    `touch ${keysFile}`,
    `chmod 600 ${keysFile}`,
    `grep -qxF '${line}' ${keysFile} || echo '${line}' >> ${keysFile}`,
  ];
}

const endOfPaste = 'END-OF-CLAWCOVE';

/** The same for an administrator's terminal there. */
export function pastedLines(publicKey: string): string[] {
  return [`sudo sh << '${endOfPaste}'`, ...letInScript(publicKey), endOfPaste];
}

const beginning = 'clawcove begins';

/**
 * The line for the shell of the account there, with the script coming after the password on its standard input.
 * sudo reads the password as far as the line's end, or not at all where it asks none: whatever comes before the
 * beginning is thrown away. Constant.
 */
export function signInLine(account: string): string {
  const begin = `/bin/sh -c 'while IFS= read -r line; do [ "$line" = "${beginning}" ] && exec /bin/sh -s; done; exit 1'`;
  // A language that is known: what it says is read.
  return account === 'root' ? begin : `LC_ALL=C sudo -S -k -p '' ${begin}`;
}

/** What goes to it. */
export function signInInput(account: string, password: string, publicKey: string): string {
  const before = account === 'root' ? [] : [password];
  return [...before, beginning, ...letInScript(publicKey), ''].join('\n');
}

/** What became of it. */
export type LetIn =
  | { readonly is: 'done' }
  /** It doesn't take passwords at all: there somebody has to let us in. */
  | { readonly is: 'no-passwords' }
  | { readonly is: 'wrong-password' }
  | { readonly is: 'not-administrator' }
  | { readonly is: 'host-key-changed' }
  | { readonly is: 'unreachable' }
  | { readonly is: 'failed'; readonly detail: string };

/** @param code ssh's, or that of what ran there; `stderr` is untrusted. Seen with OpenSSH 9.2 and sudo 1.9.13. */
export function letInFrom(code: number, untrustedErr: string): LetIn {
  if (code === 0) return { is: 'done' };
  if (code === 255) {
    if (/host key verification failed|identification has changed/i.test(untrustedErr))
      return { is: 'host-key-changed' };
    const [, ways] = /permission denied \(([^)]*)\)/i.exec(untrustedErr) ?? [];
    if (ways === undefined)
      return /permission denied/i.test(untrustedErr) ? { is: 'wrong-password' } : { is: 'unreachable' };
    return /password|keyboard-interactive/.test(ways) ? { is: 'wrong-password' } : { is: 'no-passwords' };
  }
  if (
    /not in the sudoers|may not run sudo|not allowed to|sudo: not found|sudo: command not found/i.test(
      untrustedErr,
    )
  )
    return { is: 'not-administrator' };
  if (/incorrect password|a password is required|try again/i.test(untrustedErr))
    return { is: 'wrong-password' };
  const line = untrustedErr.trim().split('\n').at(-1) ?? '';
  return { is: 'failed', detail: line.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) };
}
