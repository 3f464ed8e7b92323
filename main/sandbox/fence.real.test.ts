/** The fence in a network namespace of its own, built by the kernel from what a runtime would hand to the hook. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { demandFence, fenceAnnotation, fenceHook, fenceRules, noFenceExit } from './fence.ts';

const nft = '/usr/sbin/nft';
const { hook } = JSON.parse(fenceHook(nft));
const rules = fenceRules(
  { refused: ['203.0.113.9'], allowed: [{ address: '192.168.1.20', port: 445 }] },
  '10.0.2.3',
);
/** As runc 1.1.5 writes it; the rest is left out. */
const stateWith = (annotations: object) =>
  JSON.stringify({ ociVersion: '1.0.2-dev', id: 'c22e', status: 'creating', pid: 1, annotations });
const state = stateWith({
  'io.container.manager': 'libpod',
  [fenceAnnotation]: rules,
  'org.opencontainers.image.stopSignal': '15',
});

/** Tries to connect and says how that went, in the order of what was tried. */
const knocker = `
const doors = process.argv[1].split(' ');
const knock = (door) => new Promise((resolve) => {
  const at = door.lastIndexOf(':');
  const socket = require('node:net').connect(Number(door.slice(at + 1)), door.slice(0, at));
  const end = (answer) => { socket.destroy(); resolve(answer); };
  setTimeout(end, 700, 'silence').unref();
  socket.once('error', ({ code }) => end(code)).once('connect', () => end('open'));
});
Promise.all(doors.map(knock)).then((answers) => console.log(answers.join(' ')));
`;

/**
 * What a shell says in a new network namespace whose root it is, with a cable that leads nowhere; `build` is the
 * hook and `demand` what a home begins with.
 */
async function inNewNetwork(script: string, handed = state) {
  const cable =
    'ip link set lo up && ip link add tap0 type veth peer name far0 && ip link set tap0 up && ip link set far0 up';
  const roads = 'ip address add 10.0.2.100/24 dev tap0 && ip route add default via 10.0.2.2';
  const words = [
    'build() { printf %s "$1" | "$2" -c "$3" fence "$4"; }',
    'begin() { sh -c "$5; echo begun"; }',
    `${cable} && ${roads}`,
    script,
  ].join('\n');
  const args = ['--user', '--map-root-user', '--net', 'sh', '-c', words, 'test'];
  const handedOver = [handed, hook.path, hook.args[2], nft, demandFence, process.execPath, knocker];
  const answer = await promisify(execFile)('unshare', [...args, ...handedOver]).catch((error) => error);
  return { code: answer.code ?? 0, out: String(answer.stdout).trim(), error: String(answer.stderr).trim() };
}
const build = 'build "$1" "$2" "$3" "$4"';
const begin = 'begin "$1" "$2" "$3" "$4" "$5"';
const knock = (...doors: string[]) => `"$6" -e "$7" "${doors.join(' ')}"`;

describe('the fence', () => {
  it('lets a home begin behind it, and no home without', async () => {
    expect(await inNewNetwork(`${build} && ${begin}`)).toEqual({ code: 0, out: 'begun', error: '' });
    const without = await inNewNetwork(begin);
    expect(without).toMatchObject({ code: noFenceExit, out: '' });
    expect(without.error).toContain('the fence around this home is missing');
  });

  it('refuses what is near at once, and leaves the rest to the road', async () => {
    const near = ['10.0.2.2:80', '192.168.1.20:80', '192.168.1.1:445', '172.16.0.1:80', '169.254.169.254:80'];
    const more = ['100.64.0.1:80', '203.0.113.9:443', '10.0.2.3:80', '198.18.0.1:80'];
    const open = ['127.0.0.1:9', '198.51.100.2:80', '192.168.1.20:445', '10.0.2.3:53'];
    const { out } = await inNewNetwork(`${build} && ${knock(...near, ...more, ...open)}`);
    expect(out.split(' ')).toEqual([
      ...[...near, ...more].map(() => 'ECONNREFUSED'),
      // Nobody listens there; nobody is there at all.
      'ECONNREFUSED',
      'silence',
      'silence',
      'silence',
    ]);
    const { out: without } = await inNewNetwork(knock('192.168.1.20:80', '203.0.113.9:443'));
    expect(without).toBe('silence silence');
  });

  it.each([
    ['nobody has handed rules over', stateWith({ 'io.container.manager': 'libpod' })],
    ['they are no rules', stateWith({ [fenceAnnotation]: 'table inet clawcove { nonsense }' })],
    ['there are none in them', stateWith({ [fenceAnnotation]: '' })],
    ['what was handed over is nothing', ''],
  ])('is not said to stand where %s', async (_, handed) => {
    const { code } = await inNewNetwork(build, handed);
    expect(code).not.toBe(0);
    expect((await inNewNetwork(`${build} || ${begin}`, handed)).code).toBe(noFenceExit);
  });
});
