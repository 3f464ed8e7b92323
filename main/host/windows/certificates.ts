/** CA certificates that somebody added to this Windows: a company's, or a virus scanner's. */
import { rootCertificates } from 'node:tls';
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { certificatesToCarry } from '../certificates.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';

const Row = z.object({
  Raw: z
    .string()
    .regex(/^[A-Za-z\d+/=]+$/)
    .max(20_000),
  Shipped: z.boolean(),
});

/**
 * Windows keeps what its own programme of makers brings apart (`AuthRoot`), and shows both as one. What is in that part
 * came from Microsoft, not from whoever looks after this computer.
 */
export const certificatesScript: Script<z.infer<typeof Row>[]> = {
  body: [
    "$shipped = @(Get-ChildItem -Path 'HKLM:\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\Certificates' -ErrorAction SilentlyContinue | ForEach-Object { $_.PSChildName })",
    "Get-ChildItem -Path 'Cert:\\LocalMachine\\Root', 'Cert:\\CurrentUser\\Root' | ForEach-Object { [pscustomobject]@{ Raw = [Convert]::ToBase64String($_.RawData); Shipped = ($shipped -contains $_.Thumbprint) -or ($_.Subject -like '*O=Microsoft Corporation*') -or ($_.Subject -like '*Microsoft Root*') } }",
  ].join('; '),
  answer: z.array(Row),
};

/** PEM of what is to be carried; pure. */
export function carriedFrom(rows: readonly z.infer<typeof Row>[], now: number): string | null {
  const added = rows
    .filter(({ Shipped }) => !Shipped)
    .map(
      ({ Raw }) =>
        `-----BEGIN CERTIFICATE-----\n${Raw.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    );
  return certificatesToCarry(added, rootCertificates, now);
}

export async function windowsCertificates(
  run: Run,
  programs: Programs,
  now: number,
  signal: AbortSignal,
): Promise<string | null> {
  const rows = await ask(run, programs, certificatesScript, { signal });
  return rows && carriedFrom(rows, now);
}
