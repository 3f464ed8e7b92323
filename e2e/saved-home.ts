/** A home that is lived in, kept so that test after test can begin with it in some seconds. */
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { container, createdBy } from './break.ts';
import { dataFolder, savedChoices } from './fixtures.ts';
import { podman } from './rig/podman.ts';
import { rigUser } from './rig/user.ts';

const state = 'clawcove-openclaw-state';
/** Where Podman keeps what homes are told in confidence. */
const secrets = () => join(rigUser().home, '.local/share/containers/storage/secrets');

export interface SavedHome {
  /** Puts it back as it was, at rest; ClawCove must not run. Whatever came about since then is gone. */
  putBack(): Promise<void>;
  forget(): void;
}

/** Keeps the home and all that ClawCove has written down; ClawCove must not run. */
export async function saveHome(): Promise<SavedHome> {
  const { uid, gid } = rigUser();
  const folder = mkdtempSync(join(tmpdir(), 'clawcove-saved-'));
  chownSync(folder, uid, gid);
  await podman(['stop', '--time', '20', container]);
  const words = (await createdBy()).map((word) =>
    word.startsWith('--name=') ? `--name=${container}` : word,
  );
  const archive = join(folder, 'state.tar');
  await podman(['volume', 'export', '--output', archive, state]);
  const { stdout } = await podman(['volume', 'inspect', '--format', '{{json .Labels}}', state]);
  const labels = Object.entries(JSON.parse(String(stdout)) as Record<string, string>);
  const places = [dataFolder(), secrets(), String(savedChoices().sharedFolder)];
  const kept = places.map((place, at) => ({ place, copy: join(folder, String(at)) }));
  for (const { place, copy } of kept) await execa('cp', ['--archive', place, copy]);
  return {
    async putBack() {
      await podman(['rm', '--all', '--force', '--volumes', '--time', '0']);
      await podman(['volume', 'rm', '--all', '--force']);
      await podman(['volume', 'create', ...labels.map(([name, value]) => `--label=${name}=${value}`), state]);
      await podman(['volume', 'import', state, archive]);
      for (const { place, copy } of kept) {
        rmSync(place, { recursive: true, force: true });
        await execa('cp', ['--archive', copy, place]);
      }
      await podman(words);
    },
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}
