/** What a sandbox is given from outside, as files: its command, its environment, secrets, certificates; pure. */
import type { ImageSurroundings } from '../image/image-parts.ts';
import type { HomeSpec } from '../sandbox.ts';
import { givenFolders, givenInside, inside } from './names.ts';
import type { KeptSecret } from './secrets.ts';
import type { GuestFile } from './system.ts';
import { beginScript } from './unit.ts';

const certificatesName = 'certificates.pem';
const compiledCode = `${inside.home}/.cache/node`;

/** It becomes a file's name. */
function variableName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) throw new Error('not a name for an environment variable');
  return name;
}

export interface Given {
  readonly spec: HomeSpec;
  readonly surroundings: ImageSurroundings;
  /** By the secret's id. */
  readonly secrets: ReadonlyMap<string, KeptSecret>;
  readonly agentId: number;
}

/** Files that belong to root, but for those that hold secrets: these are the agent's to read and nobody's to write. */
export function givenFiles(
  kind: keyof typeof givenFolders,
  { spec, surroundings, secrets, agentId }: Given,
): GuestFile[] {
  const folder = givenFolders[kind];
  const open = (name: string, text: string): GuestFile => ({ path: `${folder}/${name}`, text, mode: '444' });
  const secret = (name: string, text: string): GuestFile => ({
    path: `${folder}/${name}`,
    text,
    mode: '400',
    owner: agentId,
  });
  const environment: Record<string, string> = {
    ...surroundings.environment,
    HOME: inside.home,
    NODE_COMPILE_CACHE: compiledCode,
    ...(spec.certificates === null ? {} : { NODE_EXTRA_CA_CERTS: `${givenInside}/${certificatesName}` }),
    ...spec.environment,
  };
  return [
    open('begin', beginScript),
    // Two digits would do; they are read in the order of their names.
    ...spec.command.map((word, index) => open(`command/${String(index).padStart(4, '0')}`, word)),
    ...Object.entries(environment).map(([name, value]) => open(`environment/${variableName(name)}`, value)),
    ...spec.secrets.map((id) => {
      const { value } = secrets.get(id.id) ?? { value: '' };
      return id.as === 'file'
        ? secret(inside.gatewaySecret.slice(givenInside.length + 1), value)
        : secret(`environment/${variableName(id.name)}`, value);
    }),
    ...(spec.certificates === null ? [] : [open(certificatesName, spec.certificates)]),
  ];
}
