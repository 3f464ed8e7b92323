/** The messages to the kernel, in a network namespace of their own, next to what nft makes of the same rules. */
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Rule, refusal, rulesOut, ruleWords } from '../fence.ts';
import { hand, rulesIn, rulesText } from './guard.ts';
import { fenceSign, fenceStands } from './names.ts';

const out = rulesOut({ refused: ['203.0.113.9'], allowed: [{ address: '192.168.1.20', port: 445 }] }, [
  '192.168.1.1',
  '10.0.0.53',
]);
const into = rulesIn('172.18.0.1');

/** The same table, in nft's own words. */
const words = () => {
  const chain = (name: string, hook: string, rules: readonly Rule[]) =>
    `chain ${name} { ${hook} ${rules.map((rule) => `${ruleWords(rule)};`).join(' ')} }`;
  return `table inet clawcove {
    ${chain('refuse', '', refusal)}
    ${chain('out', 'type filter hook output priority 0; policy accept;', out)}
    ${chain('in', 'type filter hook input priority 0; policy drop;', into)}
  }`;
};

describe('the fence without nft', () => {
  let file: string;
  beforeAll(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'clawcove-test-')), 'rules');
    await writeFile(file, rulesText(out, into));
  });

  const inNewNetwork = async (script: string) => {
    const args = ['--user', '--map-root-user', '--net', 'sh', '-c', script, 'test', hand, file, words()];
    const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
    return promisify(execFile)('unshare', args, { env: { PATH } }).then(
      ({ stdout }) => stdout,
      (error) => `${error.stdout}${error.stderr}`,
    );
  };

  it('is to the kernel what nft would have made of it', async () => {
    const list = 'nft --json list ruleset';
    const mine = await inNewNetwork(`perl -e "$1" "$2" && ${list}`);
    const theirs = await inNewNetwork(`nft "$3" && ${list}`);
    const rules = JSON.parse(mine).nftables;
    expect(rules.filter(({ rule }: { rule?: object }) => rule)).toHaveLength(
      out.length + into.length + refusal.length,
    );
    expect(rules).toEqual(JSON.parse(theirs).nftables);
  });

  it('puts its sign up when it stands, and not before', async () => {
    const sysfs = 'unshare --mount sh -c \'mount -t sysfs none /sys; eval "$1"\' sh';
    const look = `${sysfs} '${fenceStands} && echo stands || echo missing'`;
    expect(await inNewNetwork(`${look}; perl -e "$1" "$2"; ${look}; cat /sys/class/net/lo/ifalias`)).toMatch(
      /^missing\nstands\n/,
    );
    expect(fenceSign).toMatch(/^[a-z-]+$/);
  });

  it('is not there at all where one message is wrong', async () => {
    const hex = (text: string) => Buffer.from(text).toString('hex');
    const whole = rulesText(out, into);
    const broken = whole.replace(hex('bitwise'), hex('bytwise'));
    expect(broken).not.toBe(whole);
    await writeFile(file, broken);
    const said = await inNewNetwork('perl -e "$1" "$2" || echo failed; nft list ruleset; ip link show lo');
    expect(said).toContain('failed');
    expect(said).not.toMatch(/table|alias/);
    await writeFile(file, rulesText(out, into));
  });
});
