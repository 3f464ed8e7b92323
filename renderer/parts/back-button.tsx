import { Button } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useSay } from '../text.ts';

/** The way back to the home screen. */
export function BackButton({ onClick }: { readonly onClick: () => void }) {
  const { t } = useSay();
  return (
    <Button
      variant="subtle"
      size="xs"
      style={{ margin: '-6px 0 6px -8px' }}
      leftSection={<IconChevronLeft size={17} stroke={2} aria-hidden />}
      onClick={onClick}
    >
      {t('settings.back')}
    </Button>
  );
}
