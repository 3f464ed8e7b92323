import { SegmentedControl } from '@mantine/core';
import type { Language } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';

const names: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

/** Every language by its own name, so that anybody finds theirs. */
export function LanguageSwitch({
  language,
  label,
}: {
  readonly language: Language;
  readonly label?: string;
}) {
  const { t } = useSay();
  return (
    <SegmentedControl
      aria-label={label ?? t('settings.language')}
      value={language}
      data={(Object.keys(names) as Language[]).map((value) => ({
        value,
        label: (
          <span lang={value} translate="no">
            {names[value]}
          </span>
        ),
      }))}
      onChange={(chosen) => void send({ do: 'save-choices', choices: { language: chosen } })}
    />
  );
}
