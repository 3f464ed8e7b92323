/** What Podman says about itself, and what that means for a home; pure. */
import semver from 'semver';
import * as z from 'zod';
import type { Strengths } from '../container/hardening.ts';
import type { TagSource } from '../image/tags.ts';
import type { EngineState } from '../sandbox.ts';

/**
 * Podman before this can't map the person to a chosen user inside
 * (`--userns keep-id:uid=…` came with 4.3), so the agent could not write to the shared folder.
 */
const oldestVersion = '4.3.0';
/** From this kernel on the limit of processes is counted for each user namespace, before for each person. */
const countsPerNamespace = '5.14.0';
/**
 * From this version on Podman remembers its folder of hooks when it starts a home again by itself; before,
 * the home would have no fence and would end at once. Source: its release notes. (Before 5.0 one with
 * slirp4netns crashes or hangs then.)
 */
const restartsWithHooks = '5.6.0';
/** Where slirp4netns answers questions for names. Source: slirp4netns(1). */
const slirpResolver = '10.0.2.3';
/** Where pasta is told to; Podman's own choice, too, where it makes one. */
const pastaResolver = '169.254.1.1';
/** Podman 6 no longer knows slirp4netns. */
const slirpGone = '6.0.0';
/** From this version on Podman gives guests an address for the host's own services unless told not to. */
const mapsGuestAddress = '5.3.0';
/** Images need user numbers up to 65534, and the engine keeps one for the person. */
const idsNeeded = 65_536;

const IdMap = z.array(z.object({ size: z.number() })).nullish();
const Mirror = z.object({ Location: z.string(), Insecure: z.boolean().default(false) });
const Registry = z.object({
  Prefix: z.string(),
  Location: z.string().default(''),
  Insecure: z.boolean().default(false),
  Mirrors: z.array(Mirror).nullish(),
});

/** The part of `podman info --format json` that ClawCove reads; same on 4.3 and 5. */
export const PodmanInfo = z.object({
  host: z.object({
    arch: z.string(),
    cgroupVersion: z.string(),
    cgroupControllers: z.array(z.string()).nullish(),
    idMappings: z.object({ uidmap: IdMap, gidmap: IdMap }).nullish(),
    kernel: z.string(),
    ociRuntime: z.object({ name: z.string() }).nullish(),
    slirp4netns: z.object({ executable: z.string() }).nullish(),
    pasta: z.object({ executable: z.string() }).nullish(),
    security: z.object({
      rootless: z.boolean(),
      seccompProfilePath: z.string().nullish(),
      selinuxEnabled: z.boolean().nullish(),
    }),
    serviceIsRemote: z.boolean().nullish(),
  }),
  store: z.object({ graphRoot: z.string(), runRoot: z.string(), volumePath: z.string().nullish() }),
  registries: z.record(z.string(), z.unknown()).nullish(),
  version: z.object({ Version: z.string() }),
});
export type PodmanInfo = z.infer<typeof PodmanInfo>;

/** What else decides whether the engine can carry a home. */
export interface Surroundings {
  readonly user: string;
  /** Whether this system's cgroups are of both kinds at once with controllers on either side: crun refuses that. */
  readonly mixesCgroups: boolean;
  /** Whether Podman finds the runtime `runc`, which doesn't mind. */
  readonly hasRunc: boolean;
  /** Whether the program is there that builds a fence. */
  readonly hasNft: boolean;
}

/** What this engine can do on this system; the arguments of a home follow from it. */
export interface Means extends Strengths {
  /** Value of `--network` for a home that may talk to the internet. */
  readonly network: string;
  /** Where such a home asks for names: an IPv4 address. */
  readonly resolver: string;
  readonly restarts: boolean;
  readonly selinux: boolean;
}

/** Numbers such as `4.9.4-rhel` or a kernel's `6.1.0-18-amd64` as plain versions. */
function isAtLeast(version: string, floor: string): boolean {
  const plain = semver.coerce(version);
  return plain !== null && semver.gte(plain, floor);
}

function limitsOf(info: PodmanInfo): Means['limits'] {
  // Rootless Podman ignores limits on the old kind of cgroup, with a warning (seen on 4.3.1).
  const controllers = info.host.cgroupVersion === 'v2' ? (info.host.cgroupControllers ?? []) : [];
  const has = (name: string) => controllers.includes(name);
  return { memory: has('memory'), pids: has('pids'), cpu: has('cpu') };
}

function hasEnoughIds(map: z.infer<typeof IdMap>): boolean {
  return (map ?? []).reduce((sum, { size }) => sum + size, 0) >= idsNeeded;
}

/** Whether a home can be made. */
export function engineStateFrom(info: PodmanInfo, around: Surroundings): EngineState {
  const version = info.version.Version;
  if (!isAtLeast(version, oldestVersion)) return { is: 'too-old', version, needs: oldestVersion };
  if (!info.host.security.rootless) return { is: 'broken', detail: 'Podman runs with administrator rights' };
  if (info.host.serviceIsRemote) return { is: 'broken', detail: 'Podman works on another computer' };
  const { uidmap, gidmap } = info.host.idMappings ?? {};
  if (!hasEnoughIds(uidmap) || !hasEnoughIds(gidmap))
    return { is: 'no-subordinate-ids', version, user: around.user };
  if (refusesCgroups(info, around.mixesCgroups) && !around.hasRunc)
    return { is: 'no-runtime-for-cgroups', version };
  // Without a way to the network the installation is not complete; installing again completes it.
  if (!hasSlirp(info) && !hasPasta(info)) return { is: 'absent' };
  if (!around.hasNft) return { is: 'no-fence', version };
  const { memory, pids } = limitsOf(info);
  return { is: 'ready', version, limits: memory && pids ? 'enforced' : 'not-enforced' };
}

/** Whether the engine's usual runtime refuses this system's cgroups; `runc` has to stand in then. */
export function refusesCgroups(info: PodmanInfo, mixesCgroups: boolean): boolean {
  return mixesCgroups && info.host.ociRuntime?.name === 'crun';
}

function hasSlirp({ host, version }: PodmanInfo): boolean {
  return Boolean(host.slirp4netns?.executable) && !isAtLeast(version.Version, slirpGone);
}

function hasPasta({ host }: PodmanInfo): boolean {
  return Boolean(host.pasta?.executable);
}

/** What a home can be given here. */
export function meansFrom(info: PodmanInfo): Means {
  const version = info.version.Version;
  const isSlirp = hasSlirp(info);
  return {
    network: isSlirp ? 'slirp4netns:allow_host_loopback=false,enable_ipv6=false' : pastaNetwork(version),
    resolver: isSlirp ? slirpResolver : pastaResolver,
    limits: limitsOf(info),
    countsProcessesPerHome: isAtLeast(info.host.kernel, countsPerNamespace),
    restarts: isAtLeast(version, restartsWithHooks),
    selinux: info.host.security.selinuxEnabled === true,
  };
}

/** Podman itself adds --no-map-gw, which keeps the host's loopback out. Source: podman-run(1), --network. */
function pastaNetwork(version: string): string {
  const usual = `pasta:--ipv4-only,--dns-forward,${pastaResolver}`;
  return isAtLeast(version, mapsGuestAddress) ? `${usual},--map-guest-addr,none` : usual;
}

/**
 * Where an image's tags can be asked for: this computer's configured mirrors first, then the
 * source itself. Podman goes through mirrors when it pulls, but not when it lists tags.
 */
export function tagSources(info: PodmanInfo, image: string): TagSource[] {
  const registries = Object.values(info.registries ?? {})
    .map((entry) => Registry.safeParse(entry).data)
    .filter((entry) => entry !== undefined)
    .filter(({ Prefix }) => image === Prefix || image.startsWith(`${Prefix}/`))
    .sort((a, b) => b.Prefix.length - a.Prefix.length);
  const [registry] = registries;
  if (!registry) return [{ name: image, insecure: false }];
  const at = (location: string) => location + image.slice(registry.Prefix.length);
  return [
    ...(registry.Mirrors ?? []).map((mirror) => ({ name: at(mirror.Location), insecure: mirror.Insecure })),
    { name: at(registry.Location || registry.Prefix), insecure: registry.Insecure },
  ];
}
