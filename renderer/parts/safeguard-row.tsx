import { Button } from '@mantine/core';
import type { Row, Snapshot } from '../../main/contract.ts';
import { canFix, heldUpBy, type RowState, settingsPageOf, stateOf } from '../rows.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { Disclosure } from './disclosure.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { NearbyServices } from './nearby-services.tsx';
import { FoundFiles, SettledFiles } from './private-files.tsx';
import css from './safeguard-row.module.css';
import { SkillList } from './skill-list.tsx';
import { StateShape } from './state-shape.tsx';
import { UndoMoveIn } from './undo-move-in.tsx';

/** One safeguard: how it stands, in a shape and a sentence; how we know; and its Fix button where it has one. */
export function SafeguardRow({ row, snapshot }: { readonly row: Row; readonly snapshot: Snapshot }) {
  const { t, code, list } = useSay();
  const { rows, work } = snapshot;
  const state = stateOf(row, work);
  const title = t(`safeguard.${row.id}.title`);
  const held = heldUpBy(rows, row.id).map(({ id }) => t(`safeguard.${id}.title`));
  const notes = row.finding?.is === 'ok' ? row.finding.notes : [];
  const busy = work.is === 'running' || work.is === 'asking';
  const page = settingsPageOf(row);
  const files = row.id === 'private-data' && state !== 'waiting' ? snapshot.privateFiles : null;
  return (
    <li className={css.row} data-safeguard={row.id} data-is={row.finding?.is ?? 'looking'} data-state={state}>
      <StateShape tone={state} label={t(`home.state.${state}`)} />
      <h4 className={css.title}>{title}</h4>
      {row.finding !== null && state !== 'waiting' && (
        <Disclosure label={t('home.how')} about={title} aside>
          <EvidenceList finding={row.finding} why={t(`safeguard.${row.id}.why`)} />
          {row.id === 'network-fenced' && (
            <NearbyServices services={snapshot.choices.nearbyServices} disabled={busy} />
          )}
        </Disclosure>
      )}
      <div className={css.words}>
        <Sentence row={row} state={state} />
        {notes.map((note) => (
          <p key={note.code} className={css.note}>
            {code('note', note.code, note.facts)}
          </p>
        ))}
        {held.length > 0 && <p className={css.note}>{t('home.holds-up', { what: list(held) })}</p>}
        {files !== null && canFix(row) && <FoundFiles files={files} busy={busy} />}
        {row.id === 'skills-trusted' && <SkillList snapshot={snapshot} />}
        {canFix(row) && (
          <Button
            size="xs"
            className={css.fix ?? ''}
            disabled={busy}
            onClick={() => void send({ do: 'fix', id: row.id })}
          >
            {t(`safeguard.${row.id}.fix`)}
          </Button>
        )}
        {page !== null && (
          <Button
            size="xs"
            variant="default"
            className={css.fix ?? ''}
            onClick={() => void send({ do: 'open-settings', page })}
          >
            {t(`safeguard.${row.id}.fix`)}
          </Button>
        )}
        {row.id === 'host-clean' && snapshot.hostMovedAt !== null && (
          <UndoMoveIn at={snapshot.hostMovedAt} busy={busy} />
        )}
        {files !== null && <SettledFiles files={files} busy={busy} />}
      </div>
    </li>
  );
}

function Sentence({ row, state }: { row: Row; state: RowState }) {
  const { t, reason, join } = useSay();
  const words = (): string => {
    if (state === 'working') return t('home.state.working');
    if (row.finding === null) return t('home.looking');
    if (row.finding.is === 'ok') return t(`safeguard.${row.id}.ok`);
    if (row.blame !== null) return t('home.waiting-for', { what: t(`safeguard.${row.blame}.title`) });
    if (state === 'unknown') return join(reason(row.finding), t('home.looks-again'));
    return state === 'stopped' || row.fixable
      ? reason(row.finding)
      : join(reason(row.finding), t('home.by-hand'));
  };
  return (
    <p className={css.sentence} data-tone={state}>
      {words()}
    </p>
  );
}
