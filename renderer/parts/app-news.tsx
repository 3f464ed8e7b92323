import { Button } from '@mantine/core';
import type { Row, Snapshot } from '../../main/contract.ts';
import { appVersionNews } from '../app-version-news.ts';
import { canFix, stateOf } from '../rows.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './app-news.module.css';

const ownRow = ({ rows }: Snapshot): Row | undefined => rows.find(({ id }) => id === 'app-current');

/** What there is to say of ClawCove's own version, behind its number. */
export function AppNews({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const row = ownRow(snapshot);
  if (row === undefined || row.finding === null) return null;
  const { key, newest } = appVersionNews(row);
  return (
    <span className={css.news} data-tone={stateOf(row, snapshot.work)}>
      {t(`settings.about.version.${key}`, { newest })}
    </span>
  );
}

/** The way to the newer version; nothing where there is none. */
export function UpdateApp({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const row = ownRow(snapshot);
  if (row === undefined || !canFix(row)) return null;
  const { work } = snapshot;
  const busy = work.is === 'running' || work.is === 'asking';
  return (
    <Button size="xs" disabled={busy} onClick={() => void send({ do: 'fix', id: row.id })}>
      {t(`safeguard.${row.id}.fix`)}
    </Button>
  );
}
