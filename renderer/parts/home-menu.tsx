import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArchive,
  IconDots,
  IconFileText,
  IconFolder,
  IconReport,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react';
import type { HomePlace } from '../screen-for.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';

/** What one needs now and then. */
export function HomeMenu({ onGo }: { readonly onGo: (place: HomePlace) => void }) {
  const { t } = useSay();
  const icon = { size: 18, stroke: 1.7, 'aria-hidden': true } as const;
  return (
    <Menu
      withInitialFocusPlaceholder={false}
      withinPortal={false}
      position="bottom-end"
      width={230}
      offset={6}
      transitionProps={{ duration: 120 }}
    >
      <Menu.Target>
        <ActionIcon aria-label={t('home.more')}>
          <IconDots size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('home.more')}>
        <Menu.Item leftSection={<IconSettings {...icon} />} onClick={() => onGo('settings')}>
          {t('home.settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconArchive {...icon} />} onClick={() => onGo('backups')}>
          {t('home.backups')}
        </Menu.Item>
        <Menu.Item leftSection={<IconReport {...icon} />} onClick={() => void send({ do: 'save-report' })}>
          {t('home.report')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFolder {...icon} />}
          onClick={() => void send({ do: 'open', what: 'shared-folder' })}
        >
          {t('home.folder')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileText {...icon} />}
          onClick={() => void send({ do: 'open', what: 'log' })}
        >
          {t('home.log')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item data-tone="danger" leftSection={<IconTrash {...icon} />} onClick={() => onGo('remove')}>
          {t('home.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
