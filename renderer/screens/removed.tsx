import { Button } from '@mantine/core';
import { Brand } from '../parts/brand.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ScenePane } from '../parts/scene-pane.tsx';
import frame from '../parts/wizard-frame.module.css';
import { useSay } from '../text.ts';

/** The end: everything that was made is gone again. */
export function Removed({ onAgain }: { readonly onAgain: () => void }) {
  const { t } = useSay();
  return (
    <div className={frame.frame} data-screen="removed" data-wide="true">
      <ScenePane way={0} lamp={false} label={t('window.title')}>
        <Brand />
      </ScenePane>
      <main className={frame.main}>
        <div className={frame.scroll}>
          <div className={frame.page}>
            <PageTitle lead={t('remove.gone-lead')}>{t('remove.gone-title')}</PageTitle>
            <div>
              <Button variant="default" onClick={onAgain}>
                {t('remove.again')}
              </Button>
            </div>
          </div>
        </div>
      </main>
    </div>
  );
}
