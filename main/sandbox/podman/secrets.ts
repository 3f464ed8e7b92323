/** Podman's secrets: files of the person's own that are handed to the home and to nobody else. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Cli, engineProblem, mustSucceed } from '../container/call.ts';
import { homeLabel } from '../container/names.ts';
import { certificatesName, digestLabel } from './names.ts';

const timeoutMs = 30_000;

const Secret = z.object({
  ID: z.string(),
  Spec: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});
type Secret = z.infer<typeof Secret>;

async function look(podman: Cli, name: string, signal: AbortSignal): Promise<Secret | null> {
  const { code, stdout, stderr } = await podman(['secret', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) return z.tuple([Secret]).parse(JSON.parse(stdout))[0];
  if (/no such secret|no secret with name/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** The engine's id of a secret, another one after every change; null when there is none. */
export async function secretId(podman: Cli, name: string, signal: AbortSignal): Promise<string | null> {
  return (await look(podman, name, signal))?.ID ?? null;
}

/** Sets a secret, in place of an older one. Podman 4.3 can't replace, and homes hold copies anyway. */
export async function setSecret(
  podman: Cli,
  name: string,
  value: string,
  signal: AbortSignal,
  labels: readonly string[] = [],
): Promise<void> {
  const create = () =>
    podman(
      [
        'secret',
        'create',
        `--label=${homeLabel}=1`,
        ...labels.map((label) => `--label=${label}`),
        '--',
        name,
        '-',
      ],
      { input: value, timeoutMs, signal },
    );
  await removeSecret(podman, name, signal);
  const created = await create();
  if (created.code === 0) return;
  // Somebody was quicker, another ClawCove perhaps: the last one who sets it wins.
  if (!/name in use/i.test(created.stderr)) throw engineProblem(created.stderr);
  await removeSecret(podman, name, signal);
  await mustSucceed(create());
}

export async function removeSecret(podman: Cli, name: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await podman(['secret', 'rm', '--', name], { timeoutMs, signal });
  if (code !== 0 && !/no such secret|no secret with name/i.test(stderr)) throw engineProblem(stderr);
}

/** Sets the certificates unless the same ones are set already. */
export async function keepCertificates(podman: Cli, pem: string, signal: AbortSignal): Promise<void> {
  const digest = createHash('sha256').update(pem).digest('hex');
  const there = await look(podman, certificatesName, signal);
  if (there?.Spec.Labels?.[digestLabel] === digest) return;
  await setSecret(podman, certificatesName, pem, signal, [`${digestLabel}=${digest}`]);
}
