import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freeDisk, knownFolders, makeFolder, realPath, userFolders } from './folders.ts';
import { testFolder } from './test-folder.ts';

describe("the desktop's own words for its folders", () => {
  it('are read as xdg-user-dirs writes them', () => {
    const text = [
      '# This file is written by xdg-user-dirs-update',
      'XDG_DESKTOP_DIR="$HOME/桌面"',
      'XDG_DOCUMENTS_DIR="/data/my \\"papers\\"/"',
      'XDG_DOWNLOAD_DIR="$HOME/"',
      'XDG_MUSIC_DIR="$HOMEWARD/x"',
      'XDG_VIDEOS_DIR=$HOME/unquoted',
      'XDG_PICTURES_DIR="relative"',
      'PATH="/bin"',
    ].join('\n');
    expect(userFolders(text, '/home/anna')).toEqual(['/home/anna/桌面', '/data/my "papers"']);
    expect(userFolders('', '/home/anna')).toEqual([]);
  });
});

describe("a person's folders", () => {
  let home: string;
  const at = (...parts: string[]) => join(home, ...parts);

  beforeAll(async () => {
    home = await testFolder();
    const names = [
      'Dokumente',
      'Desktop',
      'OneDrive - Contoso',
      'Nextcloud2',
      '坚果云',
      'Boxing',
      '.ssh',
      '.gnupg',
    ];
    for (const name of [...names, 'KeePassXC', 'OpenClaw', 'elsewhere', '.config/x'])
      await mkdir(at(name), { recursive: true });
    await symlink(at('elsewhere'), at('Dropbox'));
    await writeFile(
      at('.config/user-dirs.dirs'),
      'XDG_DOCUMENTS_DIR="$HOME/Dokumente"\nXDG_MUSIC_DIR="$HOME/gone"\n',
    );
  });

  it('are found by what they are, as real paths', async () => {
    const known = await knownFolders(home, at('.config'));
    expect(known.home).toBe(home);
    expect([...known.personal].sort()).toEqual([at('Desktop'), at('Dokumente')]);
    expect([...known.synced].sort()).toEqual(
      [at('Nextcloud2'), at('OneDrive - Contoso'), at('elsewhere'), at('坚果云')].sort(),
    );
    expect([...known.secrets].sort()).toEqual(
      [at('.config'), at('.gnupg'), at('.ssh'), at('KeePassXC')].sort(),
    );
  });

  it('are none in a home that is not there', async () => {
    expect(await knownFolders('/nowhere', '/nowhere/.config')).toEqual({
      home: '/nowhere',
      personal: [],
      synced: [],
      secrets: [],
    });
  });

  it('are made for this person alone, and measured where they would be', async () => {
    await makeFolder(at('a', 'b'));
    await makeFolder(at('a', 'b'));
    expect(await realPath(at('a', 'b'))).toBe(at('a', 'b'));
    expect(await realPath(at('a', 'c'))).toBeNull();
    const free = await freeDisk(at('not', 'yet', 'there'));
    expect(free).toBeGreaterThan(0);
    expect(Math.abs(free - (await freeDisk(home)))).toBeLessThan(1_000_000_000);
  });
});
