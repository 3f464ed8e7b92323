/** What a release says it needs, against what its own image brings. */
import semver from 'semver';
import * as z from 'zod';
import type { Doors } from '../doors.ts';
import { jsonIn } from '../openclaw/gateway.ts';
import { gatherSpec } from '../openclaw/home.ts';
import type { ExecResult, MadeBy } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { Unfit } from './fitness.ts';
import { ask } from './rehearse.ts';

/** Rests for as long as the question takes at most (s): OpenClaw itself is not started. */
const resting = ['sleep', '150'];
/** Constant. What it needs stands beside its program, wherever the image keeps that. */
const question = [
  'sh',
  '-c',
  `node -e 'const { engines } = JSON.parse(fs.readFileSync(path.join(path.dirname(process.argv[1]), "package.json")));
console.log(JSON.stringify({ has: process.versions.node, needs: engines && engines.node }))' "$(realpath "$(command -v openclaw)")"`,
] as const;

const Answer = z.object({ has: z.string().max(100), needs: z.string().max(300) });

/** What a release needs of Node and doesn't get from its image; null: nothing, as far as it says. Pure. */
export function lackIn(result: ExecResult): z.infer<typeof Answer> | null {
  const said = Answer.safeParse(jsonIn(result)).data;
  // What says nothing that can be read is left to the rehearsal to find out.
  if (!said || !semver.valid(said.has) || semver.validRange(said.needs) === null) return null;
  return semver.satisfies(said.has, said.needs, { includePrerelease: true }) ? null : said;
}

/**
 * Makes sure that a release can run on what its image brings. The copy `rehearsal` must be there,
 * and stays as it is.
 *
 * @throws Unfit when it can't
 */
export async function mustHaveItsNeeds(doors: Doors, job: Job, { image, version }: MadeBy): Promise<void> {
  const spec = await gatherSpec(doors, { reference: image, version }, job.signal);
  await doors.sandbox.startRehearsal({ ...spec, command: resting }, job);
  const lack = lackIn(await ask(doors, job)(question));
  if (lack === null) return;
  job.log(`${version} needs Node ${lack.needs}; its image has ${lack.has}`);
  throw new Unfit('needs-other-node');
}
