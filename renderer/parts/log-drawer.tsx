import { Button, Drawer } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useSay } from '../text.ts';
import { send } from '../use-snapshot.ts';
import css from './log-drawer.module.css';

/** The raw record of the work, for who wants to see it. */
export function LogDrawer({
  log,
  opened,
  onClose,
}: {
  readonly log: readonly string[];
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useSay();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      size="56%"
      padding={0}
      title={t('work.log.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      classNames={{ header: css.header, title: css.title, body: css.body, content: css.drawer }}
    >
      <div className={css.above}>
        <p>{t('work.log.plain')}</p>
        <Button size="xs" variant="default" onClick={() => void send({ do: 'open', what: 'log' })}>
          {t('work.log.open')}
        </Button>
      </div>
      {log.length === 0 ? <p className={css.empty}>{t('work.log.empty')}</p> : <Lines log={log} />}
    </Drawer>
  );
}

/** Stays at the newest line unless the person scrolled up. */
function Lines({ log }: { log: readonly string[] }) {
  const { t } = useSay();
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line is a reason to scroll
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log]);
  return (
    <pre
      ref={box}
      className={css.lines}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={t('work.log.title')}
      translate="no"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        follows.current = scrollTop + clientHeight > scrollHeight - 40;
      }}
    >
      {log.join('\n')}
    </pre>
  );
}
