/** By which key another computer can be known again; pure. */
import { createHash } from 'node:crypto';

/** The key that a computer has shown of itself: nothing yet says that it is that computer's. */
export interface HostKey {
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string;
  /** As ssh-keygen shows it: `SHA256:…`. */
  readonly fingerprint: string;
}

/** An Ed25519 key in SSH's form: the length and the name of its kind, and 32 bytes with theirs. Source: RFC 8709. */
const blobLength = 51;
const kind = 'ssh-ed25519';

/** Reads what ssh-keyscan printed; null: it shows no key of the one kind that is taken. */
export function hostKeyFrom(untrustedScan: string): HostKey | null {
  for (const line of untrustedScan.split('\n')) {
    const [, text] = /^[^#\s]\S* ssh-ed25519 ([A-Za-z0-9+/]{68})$/.exec(line.trimEnd()) ?? [];
    if (text === undefined) continue;
    const blob = Buffer.from(text, 'base64');
    if (blob.length !== blobLength || blob.toString('latin1', 4, 4 + kind.length) !== kind) continue;
    const sum = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    return { publicKey: `${kind} ${text}`, fingerprint: `SHA256:${sum}` };
  }
  return null;
}
