import { chmod, lstat, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { limaHomeFor, makeLimaHome } from './home.ts';

const uid = process.getuid?.() ?? 0;

describe('where Lima keeps the machine', () => {
  it.each([
    ['/Users/anna', '/Users/anna/.clawcove'],
    ['/Users/anna.schmidt-2', '/Users/anna.schmidt-2/.clawcove'],
    // Not what ssh or Lima read as it stands: letters of other scripts, blanks, ssh’s and Go’s own marks.
    ['/Users/李雷', '/Users/Shared/.clawcove-501'],
    ['/Users/josé', '/Users/Shared/.clawcove-501'],
    ['/Users/anna schmidt', '/Users/Shared/.clawcove-501'],
    ['/Volumes/100%/anna', '/Users/Shared/.clawcove-501'],
    ['/Users/{{.Name}}', '/Users/Shared/.clawcove-501'],
    [`/Users/${'a'.repeat(80)}`, '/Users/Shared/.clawcove-501'],
  ])('of %s is %s', (home, folder) => expect(limaHomeFor(home, 501)).toBe(folder));

  it('has room for every socket, whatever the person is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 120 }), fc.nat({ max: 2 ** 31 }), (name, id) => {
        const socket = `${limaHomeFor(`/Users/${name.replaceAll('/', '')}`, id)}/clawcove/ssh.sock.1234567890123456`;
        expect(Buffer.byteLength(socket)).toBeLessThan(104);
        expect(socket).toMatch(/^[\w./-]+$/);
      }),
    );
  });

  it('is made for this person alone', async () => {
    const folder = join(await testFolder(), '.clawcove');
    await makeLimaHome(folder, uid);
    await makeLimaHome(folder, uid);
    expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is nothing that somebody else has made, opened, or leads elsewhere', async () => {
    const folder = await testFolder();
    const refused = { problem: { code: 'machine-folder-not-ours' } };
    const [open, link] = [join(folder, 'open'), join(folder, 'link')];
    await mkdir(open);
    await chmod(open, 0o755);
    await expect(makeLimaHome(open, uid)).rejects.toMatchObject(refused);
    await chmod(open, 0o700);
    await expect(makeLimaHome(open, uid + 1)).rejects.toMatchObject(refused);
    await symlink(open, link);
    await expect(makeLimaHome(link, uid)).rejects.toMatchObject(refused);
  });
});
