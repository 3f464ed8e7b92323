import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { Channel, Choices } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import { Card } from './card.tsx';
import { SwitchLine } from './switch-line.tsx';
import css from './updates-card.module.css';

const channels = ['stable', 'extended-stable', 'beta'] as const satisfies readonly Channel[];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** Whether, when and to which versions OpenClaw is brought up to date. */
export function UpdatesCard({ choices }: { readonly choices: Choices }) {
  const { t, hour } = useSay();
  const { automaticUpdates, updateHour, channel } = choices;
  return (
    <Card>
      <SwitchLine
        on={automaticUpdates}
        title={t('settings.updates.title')}
        plain={t('settings.updates.plain')}
        onChange={(on) => void send({ do: 'save-choices', choices: { automaticUpdates: on } })}
      />
      {automaticUpdates && (
        <div className={css.line}>
          <div>
            <p className={css.name}>{t('settings.updates.hour')}</p>
            <p className={css.plain}>{t('settings.updates.hour-plain')}</p>
          </div>
          <NativeSelect
            className={css.hour ?? ''}
            aria-label={t('settings.updates.hour')}
            value={String(updateHour)}
            data={hours.map((each) => ({ value: String(each), label: hour(each) }))}
            onChange={({ currentTarget: { value } }) =>
              void send({ do: 'save-choices', choices: { updateHour: Number(value) } })
            }
          />
        </div>
      )}
      <div className={css.line}>
        <div>
          <p className={css.name}>{t('settings.updates.channel')}</p>
          <p className={css.plain}>{t(`settings.updates.channel-plain.${channel}`)}</p>
        </div>
        <SegmentedControl
          aria-label={t('settings.updates.channel')}
          value={channel}
          data={channels.map((value) => ({ value, label: t(`settings.updates.channels.${value}`) }))}
          onChange={(value) => void send({ do: 'save-choices', choices: { channel: value } })}
        />
      </div>
    </Card>
  );
}
