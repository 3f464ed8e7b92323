import type { Finding } from '../../main/contract.ts';
import { useSay } from '../text.ts';
import { useNow } from '../use-now.ts';
import css from './evidence-list.module.css';
import { RowBox } from './row-box.tsx';

/** What was looked at, what was seen, and when; and why it matters at all. */
export function EvidenceList({ finding, why }: { readonly finding: Finding; readonly why: string }) {
  const { t, code, moment } = useSay();
  const now = useNow();
  const { evidence } = finding;
  const blind = finding.is === 'unknown' && finding.why === 'could-not-look';
  return (
    <RowBox>
      {evidence.length === 0 ? (
        <p>{blind ? t('home.got-in-the-way', finding.facts) : t('home.no-evidence')}</p>
      ) : (
        <ul className={css.list}>
          {evidence.map((each) => (
            <li key={`${each.code} ${each.at} ${JSON.stringify(each.facts)}`} className={css.item}>
              <span>{code('evidence', each.code, each.facts)}</span>
              <time dateTime={new Date(each.at).toISOString()} className={css.time}>
                {moment(each.at, now)}
              </time>
            </li>
          ))}
        </ul>
      )}
      <p className={css.why}>
        <strong>{t('home.why')}</strong> {why}
      </p>
    </RowBox>
  );
}
