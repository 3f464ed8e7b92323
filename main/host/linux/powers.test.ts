import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../test-folder.ts';
import { linuxPowers, nodeIn } from './powers.ts';

describe('powers on Linux', () => {
  it.each([
    [[], 'off'],
    [['openclaw-gateway.service', 'openclaw-node.service.d', 'my-openclaw-node.service'], 'off'],
    [['openclaw-node.service'], 'on'],
    [['openclaw-node-work.service'], 'on'],
    [null, 'unreadable'],
  ])('services %j mean that node mode is %s', (names, is) => {
    expect(nodeIn(names)).toMatchObject({ is });
  });

  it('are read from the folder of the person’s own services', async () => {
    const folder = await testFolder();
    const none = { is: 'none-here' };
    expect(await linuxPowers(folder)).toEqual({ accessibility: none, screen: none, node: { is: 'off' } });
    await mkdir(join(folder, 'systemd', 'user'), { recursive: true });
    await writeFile(join(folder, 'systemd', 'user', 'openclaw-node.service'), '[Service]');
    expect(await linuxPowers(folder)).toMatchObject({ node: { is: 'on', by: 'OpenClaw Node' } });
  });

  it('could not be read where that folder is none', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'systemd'), '');
    expect(await linuxPowers(folder)).toMatchObject({ node: { is: 'unreadable' } });
  });
});
