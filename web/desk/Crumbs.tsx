import { useTranslation } from 'react-i18next';
import styles from './Crumbs.module.css';
import { useDesk } from './desk.ts';
import { into } from './drill.ts';
import type { Days } from './presets.ts';
import { titleOf } from './RangeControl.tsx';
import { addressOf, type View } from './view.ts';

/** The wider ranges something is in, to go back out to; the widest first. */
export function Crumbs({ view, wider }: { view: View; wider: readonly Days[] }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  if (wider.length === 0) return null;
  return (
    <nav className={styles.crumbs} aria-label={t('desk.crumbs')}>
      {wider.map((days) => (
        <a key={`${days.startDate} ${days.endDate}`} href={addressOf(into(view, days))}>
          {titleOf(days, calendar.weekStart)}
        </a>
      ))}
    </nav>
  );
}
