import { Button } from '@mantine/core';
import {
  IconArrowBackUp,
  IconFileAlert,
  IconFileCheck,
  IconFileSymlink,
  IconFolderOpen,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { FoundFile, KeptFile, Snapshot } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import { Disclosure } from './disclosure.tsx';
import css from './private-files.module.css';

interface PrivateFilesProps {
  readonly files: Snapshot['privateFiles'];
  readonly busy: boolean;
}

/** The files that hold private data, each with what is in it and the word that it may stay. */
export function FoundFiles({ files: { found, keptFolder }, busy }: PrivateFilesProps) {
  const { t } = useSay();
  return (
    <>
      <ul className={css.list} aria-label={t('private.found')} data-files="found">
        {found.shown.map((file) => (
          <FoundLine
            key={file.id}
            file={file}
            icon={<IconFileAlert size={20} stroke={1.7} aria-hidden />}
            act={t('private.leave')}
            busy={busy}
            onAct={() => void send({ do: 'leave-file', id: file.id })}
          />
        ))}
      </ul>
      <More beginning={found} />
      <p className={css.where}>{t('private.where-to', { path: keptFolder })}</p>
    </>
  );
}

/** What was moved out of reach, and what may stay, each with the way back. */
export function SettledFiles({ files: { taken, left }, busy }: PrivateFilesProps) {
  const { t } = useSay();
  if (taken.total + left.total === 0) return null;
  return (
    <div className={css.settled}>
      {taken.total > 0 && (
        <Disclosure label={t('private.taken', { count: taken.total })}>
          <ul className={css.list} data-files="taken">
            {taken.shown.map((file) => (
              <KeptLine key={file.id} file={file} busy={busy} />
            ))}
          </ul>
          <More beginning={taken} />
          <div className={css.actions}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFolderOpen size={16} stroke={1.8} aria-hidden />}
              onClick={() => void send({ do: 'open', what: 'kept-files' })}
            >
              {t('private.show-folder')}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              leftSection={<IconArrowBackUp size={16} stroke={1.8} aria-hidden />}
              onClick={() => void send({ do: 'put-files-back' })}
            >
              {t('private.put-all-back')}
            </Button>
          </div>
        </Disclosure>
      )}
      {left.total > 0 && (
        <Disclosure label={t('private.left', { count: left.total })}>
          <ul className={css.list} data-files="left">
            {left.shown.map((file) => (
              <FoundLine
                key={file.id}
                file={file}
                icon={<IconFileCheck size={20} stroke={1.7} aria-hidden />}
                act={t('private.mind')}
                busy={busy}
                onAct={() => void send({ do: 'mind-file', id: file.id })}
              />
            ))}
          </ul>
          <More beginning={left} />
        </Disclosure>
      )}
    </div>
  );
}

function FoundLine({
  file,
  icon,
  act,
  busy,
  onAct,
}: {
  readonly file: FoundFile;
  readonly icon: ReactNode;
  readonly act: string;
  readonly busy: boolean;
  readonly onAct: () => void;
}) {
  const { t } = useSay();
  const { untrustedName: name, untrustedWithin: within, place, kinds } = file;
  const where = [
    t(`private.place.${place}`),
    ...(within === null ? [] : [t('private.within', { name: within })]),
  ];
  return (
    <Line icon={icon} name={name} plain={where.join(' · ')} act={act} disabled={busy} onAct={onAct}>
      <ul className={css.kinds}>
        {kinds.map((kind) => (
          <li key={kind}>{t(`private.kind.${kind}`)}</li>
        ))}
      </ul>
    </Line>
  );
}

function KeptLine({ file, busy }: { readonly file: KeptFile; readonly busy: boolean }) {
  const { t, ago } = useSay();
  const now = useNow();
  const { id, untrustedName: name, place, at } = file;
  return (
    <Line
      icon={<IconFileSymlink size={20} stroke={1.7} aria-hidden />}
      name={name}
      plain={[t(`private.place.${place}`), t('private.taken-at', { ago: ago(at, now) })].join(' · ')}
      act={t('private.put-back')}
      disabled={busy}
      onAct={() => void send({ do: 'put-file-back', id })}
    />
  );
}

function Line({
  icon,
  name,
  plain,
  act,
  disabled,
  onAct,
  children,
}: {
  readonly icon: ReactNode;
  readonly name: string;
  readonly plain: string;
  readonly act: string;
  readonly disabled: boolean;
  readonly onAct: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <li className={css.line}>
      {icon}
      <div className={css.words}>
        <p className={css.name} translate="no">
          <bdi>{name}</bdi>
        </p>
        <p className={css.plain}>{plain}</p>
        {children}
      </div>
      <Button size="xs" variant="subtle" disabled={disabled} aria-label={`${act}: ${name}`} onClick={onAct}>
        {act}
      </Button>
    </li>
  );
}

/** What a bounded list leaves out. */
function More({ beginning: { shown, total } }: { readonly beginning: { shown: unknown[]; total: number } }) {
  const { t } = useSay();
  const count = total - shown.length;
  return count > 0 ? <p className={css.plain}>{t('private.more', { count })}</p> : null;
}
