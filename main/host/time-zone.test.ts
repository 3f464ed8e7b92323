import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from './test-folder.ts';
import { timeZone } from './time-zone.ts';

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const link = join(await testFolder(), 'localtime');

function moveTo(zone: string): void {
  rmSync(link, { force: true });
  symlinkSync(zone, link);
}

describe('the time zone', () => {
  it('follows the system while the program runs', () => {
    moveTo('/usr/share/zoneinfo/Asia/Tokyo');
    expect(timeZone('', link)).toBe('Asia/Tokyo');
    moveTo('../usr/share/zoneinfo/America/Argentina/Ushuaia');
    expect(timeZone('', link)).toBe('America/Argentina/Ushuaia');
  });

  it.each([
    ['/usr/share/zoneinfo/posix/Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/right/Europe/Berlin', 'Europe/Berlin'],
    ['/var/db/timezone/zoneinfo/Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/UTC', 'UTC'],
  ])('is read from a link to %s', (target, zone) => {
    moveTo(target);
    expect(timeZone('', link)).toBe(zone);
  });

  it.each(['/usr/share/zoneinfo/Middle/Earth', '/usr/share/zoneinfo/localtime', '/somewhere/else'])(
    'is the program’s own where the link leads to %s',
    (target) => {
      moveTo(target);
      expect(timeZone('', link)).toBe(own);
    },
  );

  it('is the program’s own where there is no link', () => {
    rmSync(link, { force: true });
    expect(timeZone('', link)).toBe(own);
    writeFileSync(link, 'TZif2');
    expect(timeZone('', link)).toBe(own);
  });

  it.each([
    ['Pacific/Apia', 'Pacific/Apia'],
    [':Pacific/Apia', 'Pacific/Apia'],
    [':/etc/localtime', 'Asia/Tokyo'],
    ['CET-1CEST', 'Asia/Tokyo'],
  ])('is the one that the program was started for, where %s names one', (wanted, zone) => {
    moveTo('/usr/share/zoneinfo/Asia/Tokyo');
    expect(timeZone(wanted, link)).toBe(zone);
  });
});
