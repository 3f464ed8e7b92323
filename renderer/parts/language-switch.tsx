import { SegmentedControl } from '@mantine/core';
import { Language } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';

const names = { en: 'English', 'zh-CN': '简体中文' } as const;

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
      data={Language.options.map((value) => ({
        value,
        label: (
          <span lang={value} translate="no">
            {names[value]}
          </span>
        ),
      }))}
      onChange={(value) => {
        const chosen = Language.parse(value);
        void send({ do: 'save-choices', choices: { language: chosen } });
      }}
    />
  );
}
