import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeFolder } from '../../safeguards/folder-dedicated.ts';
import { testFolder } from '../test-folder.ts';
import { knownMacFolders } from './folders.ts';

describe('a person’s folders on a Mac', () => {
  let home: string;
  const at = (path: string) => join(home, path);
  const drive = 'Library/Mobile Documents/com~apple~CloudDocs';

  beforeAll(async () => {
    home = join(await testFolder(), '李雷');
    const names = [
      ...['Desktop', 'Documents', 'Downloads', 'Movies', 'OpenClaw', '.ssh', '.clawcove', 'KeePassXC'],
      ...[
        'Library/Keychains',
        'Library/Application Support/1Password',
        'Library/CloudStorage/OneDrive-Contoso',
      ],
      ...['Library/CloudStorage/Dropbox', `${drive}/Documents`, 'Dropbox'],
    ];
    for (const name of names) await mkdir(at(name), { recursive: true });
  });

  it.each([
    ['OpenClaw', null],
    ['Documents/OpenClaw', 'folder-is-synced'],
    ['Desktop/OpenClaw', null],
    ['Desktop', 'folder-holds-private'],
    ['Movies', 'folder-holds-private'],
    ['', 'folder-holds-home'],
    ['Library', 'folder-holds-private'],
    ['Library/Keychains', 'folder-holds-private'],
    ['Library/Keychains/x', 'folder-is-secret'],
    ['Library/Application Support/1Password/x', 'folder-is-secret'],
    ['Library/CloudStorage/OneDrive-Contoso/OpenClaw', 'folder-is-synced'],
    [`${drive}/OpenClaw`, 'folder-is-synced'],
    ['Dropbox/OpenClaw', 'folder-is-synced'],
    ['.ssh/x', 'folder-is-secret'],
    ['.clawcove/x', 'folder-is-secret'],
    ['KeePassXC/x', 'folder-is-secret'],
  ])('%s: %s', async (path, why) => expect(judgeFolder(at(path), await knownMacFolders(home))).toBe(why));
});
