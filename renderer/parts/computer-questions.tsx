import { Button, PasswordInput } from '@mantine/core';
import { IconDevices, IconFingerprint, IconHomeQuestion } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Question } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { AnswerButtons } from './answer-buttons.tsx';
import { Commands } from './commands.tsx';
import { Disclosure } from './disclosure.tsx';
import { decline, Panel } from './question.tsx';
import css from './question-panel.module.css';

type Of<Is extends Question['is']> = Readonly<Extract<Question, { is: Is }>>;

const yes = () => void send({ do: 'answer', answer: { is: 'yes' } });

/** What shows the key's mark on the other computer itself. Source: ssh-keygen(1). */
const showKey = ['ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'];

/** Whether another computer is the one that it says it is. */
export function ComputerKeyQuestion({ host, fingerprint }: Of<'computer-key'>) {
  const { t } = useSay();
  return (
    <Panel icon={IconFingerprint} title={t('question.computer-key.title')}>
      <p className={css.reason}>{t('question.computer-key.plain', { host })}</p>
      <p className={css.caption}>{t('question.computer-key.fingerprint')}</p>
      <Commands lines={[fingerprint]} label={t('question.computer-key.fingerprint')} />
      <p className={css.plain}>{t('question.computer-key.compare')}</p>
      <Commands lines={showKey} label={t('question.computer-key.compare')} />
      <AnswerButtons>
        <Button variant="default" onClick={decline}>
          {t('question.computer-key.no')}
        </Button>
        <Button onClick={yes}>{t('question.computer-key.yes')}</Button>
      </AnswerButtons>
    </Panel>
  );
}

/** How ClawCove gets in there: by a password that is used once, or by the person's own hand. */
export function LetInQuestion({ host, account, commands, again }: Of<'computer-let-in'>) {
  const { t } = useSay();
  const box = useRef<HTMLInputElement>(null);
  const [isEmpty, setEmpty] = useState(false);
  const error = isEmpty ? 'bad-password' : again;

  async function give(): Promise<void> {
    const password = box.current?.value ?? '';
    setEmpty(password === '');
    if (password === '') return box.current?.focus();
    if (box.current) box.current.value = '';
    await send({ do: 'answer', answer: { is: 'password', password } });
  }

  return (
    <Panel icon={IconDevices} title={t('question.computer-let-in.title')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <p className={css.reason}>{t('question.computer-let-in.plain', { host })}</p>
        <PasswordInput
          ref={box}
          name="password"
          label={t('question.computer-let-in.password', { account })}
          description={t('question.computer-let-in.hint')}
          error={error !== null && t(`question.computer-let-in.${error}`, { account })}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          visibilityToggleButtonProps={{ 'aria-label': t('common.show-key'), tabIndex: 0 }}
        />
        <Disclosure label={t('question.computer-let-in.by-hand')}>
          <p className={css.plain}>{t('question.computer-let-in.commands')}</p>
          <Commands lines={commands} label={t('question.computer-let-in.by-hand')} />
          <Button size="xs" variant="default" onClick={yes}>
            {t('question.computer-let-in.done')}
          </Button>
        </Disclosure>
        <AnswerButtons>
          <Button variant="default" onClick={decline}>
            {t('question.computer-let-in.no')}
          </Button>
          <Button type="submit">{t('question.computer-let-in.yes')}</Button>
        </AnswerButtons>
      </form>
    </Panel>
  );
}

/** Whether that computer is there for nothing else, with what was seen of it. */
export function LivedInQuestion({ host, signs }: Of<'computer-lived-in'>) {
  const { t } = useSay();
  return (
    <Panel icon={IconHomeQuestion} title={t('question.computer-lived-in.title', { host })}>
      <p className={css.reason}>{t('question.computer-lived-in.plain')}</p>
      {signs.length === 0 ? (
        <p className={css.plain}>{t('question.computer-lived-in.none')}</p>
      ) : (
        <>
          <p className={css.plain}>{t('question.computer-lived-in.signs')}</p>
          <ul className={css.changes}>
            {signs.map(({ sign, count }) => (
              <li key={sign} data-sign={sign}>
                {t(`question.computer-lived-in.sign.${sign}`, { number: count })}
              </li>
            ))}
          </ul>
          <p className={css.plain}>{t('question.computer-lived-in.warn')}</p>
        </>
      )}
      <AnswerButtons>
        <Button variant={signs.length === 0 ? 'default' : 'filled'} onClick={decline}>
          {t('question.computer-lived-in.no')}
        </Button>
        <Button variant={signs.length === 0 ? 'filled' : 'default'} onClick={yes}>
          {t('question.computer-lived-in.yes')}
        </Button>
      </AnswerButtons>
    </Panel>
  );
}
