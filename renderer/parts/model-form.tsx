import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ModelChoice } from '../../main/contract.ts';
import { modelProviders } from '../ids.ts';
import type { ModelErrors } from '../model-input.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { KeyField } from './key-field.tsx';
import css from './model-form.module.css';

/**
 * Which AI service thinks for OpenClaw, and the key to it. On submit it saves
 * the choice, hands the key to main and empties the field; then `onSaved`.
 */
export function ModelForm({
  id,
  model,
  legend,
  hasKey = false,
  onBusy,
  onSaved,
  children,
}: {
  readonly id: string;
  readonly model: ModelChoice;
  readonly legend: string;
  /** Whether a key for the saved service was given before, as far as is known here. */
  readonly hasKey?: boolean;
  /** Told while main is taking the choice in, for the button. */
  readonly onBusy: (busy: boolean) => void;
  readonly onSaved: () => void;
  readonly children?: ReactNode;
}) {
  const { t } = useSay();
  const [provider, setProvider] = useState(model.provider);
  const [errors, setErrors] = useState<ModelErrors>({});
  const custom = model.provider === 'custom' ? model : null;
  const keeps = hasKey && provider === model.provider;
  const words = (code: string | undefined) => code && t(`question.model-key.${code}`);

  async function submit(form: HTMLFormElement): Promise<void> {
    const filled = new FormData(form);
    const { readModel } = await import('../model-input.ts');
    const input = readModel(filled);
    setErrors(input.ok ? {} : input.errors);
    if (!input.ok) return form.querySelector<HTMLInputElement>(fieldWith(input.errors))?.focus();
    const keyBox = form.querySelector<HTMLInputElement>('input[name=key]');
    if (keyBox) keyBox.value = '';
    // The key first: saving another service puts it to use.
    if (input.key !== null && !(await send({ do: 'keep-model-key', key: input.key }))) return;
    const changed = input.key !== null || JSON.stringify(input.model) !== JSON.stringify(model);
    if (changed && !(await send({ do: 'save-choices', choices: { model: input.model } }))) return;
    onSaved();
  }

  return (
    <form
      id={id}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onBusy(true);
        void submit(event.currentTarget).finally(() => onBusy(false));
      }}
    >
      <fieldset className={css.providers}>
        <legend className="unseen">{legend}</legend>
        {modelProviders.map((each) => (
          <label key={each} className={css.provider}>
            <input
              type="radio"
              name="provider"
              value={each}
              defaultChecked={each === model.provider}
              onChange={() => setProvider(each)}
            />
            <span>{t(`provider.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      {provider !== 'later' && (
        <div className={css.fields} key={provider}>
          {provider === 'custom' && (
            <div className={css.pair}>
              <TextInput
                name="baseUrl"
                label={t('question.model-key.base-url')}
                placeholder={t('question.model-key.base-url-example')}
                defaultValue={custom?.baseUrl ?? ''}
                error={words(errors.baseUrl)}
                spellCheck={false}
              />
              <TextInput
                name="modelId"
                label={t('question.model-key.model-id')}
                defaultValue={custom?.modelId ?? ''}
                error={words(errors.modelId)}
                spellCheck={false}
              />
            </div>
          )}
          <KeyField
            error={words(errors.key)}
            placeholder={t(keeps ? 'question.model-key.keep' : 'question.model-key.optional')}
          />
        </div>
      )}
      {children}
    </form>
  );
}

/** The first field that is wrong, in the order they stand. */
function fieldWith({ baseUrl, modelId }: ModelErrors): string {
  return `input[name=${baseUrl ? 'baseUrl' : modelId ? 'modelId' : 'key'}]`;
}
