import { Button } from '@mantine/core';
import { IconAdjustmentsQuestion, IconHomeMove, IconKey, IconShieldLock } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { formatServer } from '../../assets/text/format.ts';
import type { AdminTaskId, ModelChoice, Question } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { AnswerButtons } from './answer-buttons.tsx';
import { Commands } from './commands.tsx';
import { ComputerKeyQuestion, LetInQuestion, LivedInQuestion } from './computer-questions.tsx';
import { KeyField } from './key-field.tsx';
import { decline, Panel } from './question.tsx';
import css from './question-panel.module.css';

/** A question in the middle of work, with everything a person needs for answering it. */
export function QuestionPanel({ question }: { readonly question: Question }) {
  switch (question.is) {
    case 'admin':
      return <AdminQuestion task={question.task} commands={question.commands} />;
    case 'model-key':
      return <KeyQuestion model={question.model} />;
    case 'settings-changed':
      return <SettingsQuestion changes={question.changes} />;
    case 'move-in':
      return <MoveInQuestion question={question} />;
    case 'computer-key':
      return <ComputerKeyQuestion {...question} />;
    case 'computer-let-in':
      return <LetInQuestion {...question} />;
    case 'computer-lived-in':
      return <LivedInQuestion {...question} />;
  }
}

function AdminQuestion({ task, commands }: { task: AdminTaskId; commands: readonly string[] }) {
  const { t } = useSay();
  return (
    <Panel icon={IconShieldLock} title={t('question.admin.title')}>
      <p className={css.reason}>
        <strong>{t(`question.admin.task.${task}.title`)}</strong> {t(`question.admin.task.${task}.why`)}
      </p>
      <p className={css.plain}>{t('question.admin.plain')}</p>
      <p className={css.caption}>{t('question.admin.commands')}</p>
      <Commands lines={commands} label={t('question.admin.commands')} />
      <AnswerButtons>
        <Button variant="default" onClick={decline}>
          {t('question.admin.no')}
        </Button>
        <Button onClick={() => void send({ do: 'answer', answer: { is: 'yes' } })}>
          {t('question.admin.yes')}
        </Button>
      </AnswerButtons>
    </Panel>
  );
}

function SettingsQuestion({ changes }: Pick<Extract<Question, { is: 'settings-changed' }>, 'changes'>) {
  const { t } = useSay();
  return (
    <Panel icon={IconAdjustmentsQuestion} title={t('question.settings.title')}>
      <p className={css.reason}>{t('question.settings.plain')}</p>
      <ul className={css.changes}>
        {changes.map(({ power, name }) => (
          <li key={`${power} ${name}`} data-power={power}>
            {t(`evidence.may-${power}`, { name })}
          </li>
        ))}
      </ul>
      <AnswerButtons>
        <Button variant="subtle" onClick={decline}>
          {t('question.settings.later')}
        </Button>
        <Button variant="default" onClick={() => void send({ do: 'answer', answer: { is: 'keep' } })}>
          {t('question.settings.keep')}
        </Button>
        <Button onClick={() => void send({ do: 'answer', answer: { is: 'yes' } })}>
          {t('question.settings.put-back')}
        </Button>
      </AnswerButtons>
    </Panel>
  );
}

/** What moves in, what becomes of what is there, and the way out: nothing happens before one of the buttons. */
function MoveInQuestion({ question }: { question: Extract<Question, { is: 'move-in' }> }) {
  const { t } = useSay();
  const { found, livedIn } = question;
  const [chosen, choose] = useState(found[0]?.profile);
  const others = found.length > 1;
  return (
    <Panel icon={IconHomeMove} title={t(`question.move-in.title${found.length === 0 ? '-rest' : ''}`)}>
      <p className={css.reason}>{t(`question.move-in.${found.length === 0 ? 'plain-rest' : 'plain'}`)}</p>
      {found.length > 0 && (
        <fieldset className={css.options}>
          <legend>{t(`question.move-in.${others ? 'which' : 'this'}`)}</legend>
          {found.map(({ profile, folder, version, runs }) => (
            <label key={profile} className={css.option}>
              <input
                type="radio"
                name="profile"
                checked={profile === chosen}
                onChange={() => choose(profile)}
              />
              <span>
                <strong>{version === null ? 'OpenClaw' : t('backups.version', { version })}</strong>
                {t(`question.move-in.${runs ? 'runs' : 'rests'}`, { path: folder })}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {others && <p className={css.plain}>{t('question.move-in.others')}</p>}
      {livedIn && found.length > 0 && <p className={css.plain}>{t('question.move-in.lived-in')}</p>}
      <p className={css.plain}>{t('question.move-in.undo')}</p>
      <AnswerButtons>
        <Button variant="subtle" onClick={decline}>
          {t('question.move-in.no')}
        </Button>
        <Button
          variant={found.length === 0 ? 'filled' : 'default'}
          onClick={() => void send({ do: 'answer', answer: { is: 'keep' } })}
        >
          {t('question.move-in.only-rest')}
        </Button>
        {chosen !== undefined && (
          <Button onClick={() => void send({ do: 'answer', answer: { is: 'move', profile: chosen } })}>
            {t('question.move-in.yes')}
          </Button>
        )}
      </AnswerButtons>
    </Panel>
  );
}

function KeyQuestion({ model }: { model: ModelChoice }) {
  const { t } = useSay();
  const box = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const { provider } = model;
  const named = provider !== 'custom' && provider !== 'later';

  async function give(): Promise<void> {
    const { readKey } = await import('../model-input.ts');
    const key = readKey(box.current?.value ?? '');
    setWrong(key === null);
    if (key === null) return box.current?.focus();
    if (box.current) box.current.value = '';
    await send({ do: 'answer', answer: { is: 'model-key', key } });
  }

  return (
    <Panel
      icon={IconKey}
      title={
        named
          ? t('question.model-key.title', { provider: t(`provider.${provider}`) })
          : t('question.model-key.title-plain')
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <p className={css.reason}>{t('question.model-key.plain')}</p>
        {provider === 'custom' && (
          <p className={css.plain}>
            {t('question.model-key.goes-to', { address: formatServer(model.baseUrl) })}
          </p>
        )}
        <KeyField inputRef={box} error={wrong ? t('question.model-key.bad-key') : undefined} />
        <AnswerButtons>
          <Button variant="default" onClick={decline}>
            {t('question.model-key.skip')}
          </Button>
          <Button type="submit">{t('question.model-key.give')}</Button>
        </AnswerButtons>
      </form>
    </Panel>
  );
}
