import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle } from '../silent-report.ts';
import { createDisks, healthFrom } from './disks.ts';
import { placesIn } from './names.ts';

it.each([
  [0, '', { is: 'whole' }],
  [3, 'Leaked cluster 5 refcount=1 reference=0', { is: 'whole' }],
  [
    2,
    'ERROR cluster 4 refcount=0 reference=1\n',
    { is: 'damaged', detail: 'ERROR cluster 4 refcount=0 reference=1' },
  ],
  [
    1,
    "qemu-img: Could not open '/vm/disk.qcow2': Image is not in qcow2 format\n",
    { is: 'damaged', detail: "Could not open '/vm/disk.qcow2': Image is not in qcow2 format" },
  ],
  [1, '', { is: 'damaged', detail: 'exit code 1' }],
])('knows a damaged disk: %d %j', (code, stderr, health) => {
  expect(healthFrom(code, stderr)).toEqual(health);
});

describe('the disks', () => {
  const open = async (answers: Parameters<typeof strictRun>[0]) => {
    const places = placesIn(await testFolder());
    await mkdir(places.folder);
    const double = strictRun(answers);
    return { places, calls: double.calls, disks: createDisks(double.run, places) };
  };

  it('aren’t whole when one is not there', async () => {
    const { disks, places } = await open({ 'qemu-img check …': exited(0) });
    expect(await disks.health(idle())).toMatchObject({ is: 'damaged' });
    await writeFile(places.good, '');
    expect(await disks.health(idle())).toMatchObject({ is: 'damaged' });
    await writeFile(places.disk, '');
    expect(await disks.health(idle())).toEqual({ is: 'whole' });
  });

  it('say that there is no room', async () => {
    const { disks } = await open({
      'qemu-img create …': exited(1, '', 'qemu-img: /vm/good.qcow2.part: No space left on device\n'),
    });
    expect(await problemCode(disks.make(1024, idle()))).toBe('no-room-on-disk');
  });

  it('say when the program has gone', async () => {
    const { disks } = await open({ 'qemu-img create …': { is: 'not-found' } });
    expect(await problemCode(disks.make(1024, idle()))).toBe('engine-gone');
  });
});
