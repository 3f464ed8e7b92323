import { Button } from '@mantine/core';
import type { SkillSeen, Snapshot } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import { send } from '../use-snapshot.ts';
import { RowBox } from './row-box.tsx';
import css from './skill-list.module.css';

/** What was added to OpenClaw, one by one: the person decides about each. */
export function SkillList({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useSay();
  const { skills, work } = snapshot;
  if (skills.length === 0) return null;
  const busy = work.is === 'running' || work.is === 'asking';
  return (
    <RowBox title={t('skills.title')}>
      <ul className={css.list}>
        {skills.map((skill) => (
          <Line key={skill.id} skill={skill} busy={busy} />
        ))}
      </ul>
      <p className={css.warn}>{t('skills.warn')}</p>
    </RowBox>
  );
}

function Line({ skill, busy }: { readonly skill: SkillSeen; readonly busy: boolean }) {
  const { t, moment } = useSay();
  const now = useNow();
  const { id, kind, name, state, at } = skill;
  return (
    <li className={css.line} data-skill={name} data-state={state}>
      <div className={css.words}>
        <p className={css.name}>
          {name} <span className={css.kind}>{t(`skills.kind.${kind}`)}</span>
        </p>
        <p className={css.state}>
          {t(`skills.state.${state}`, at === null ? {} : { when: moment(at, now) })}
        </p>
      </div>
      {state !== 'approved' && (
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          aria-label={`${t('skills.approve')} ${name}`}
          onClick={() => void send({ do: 'approve-skill', id })}
        >
          {t('skills.approve')}
        </Button>
      )}
      {state !== 'off' && (
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          aria-label={`${t('skills.turn-off')} ${name}`}
          onClick={() => void send({ do: 'distrust-skill', id })}
        >
          {t('skills.turn-off')}
        </Button>
      )}
    </li>
  );
}
