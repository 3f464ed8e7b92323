import { PasswordInput } from '@mantine/core';
import type { Ref } from 'react';
import { useSay } from '../text.ts';

/** Where a key is typed or pasted. The page never holds it but in the field itself. */
export function KeyField({
  inputRef,
  error,
  placeholder,
}: {
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly error?: string | undefined;
  readonly placeholder?: string;
}) {
  const { t } = useSay();
  return (
    <PasswordInput
      name="key"
      label={t('question.model-key.label')}
      description={t('question.model-key.hint')}
      placeholder={placeholder ?? ''}
      error={error}
      autoComplete="off"
      spellCheck={false}
      maxLength={1100}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      visibilityToggleButtonProps={{ 'aria-label': t('common.show-key'), tabIndex: 0 }}
      {...(inputRef === undefined ? {} : { ref: inputRef })}
    />
  );
}
