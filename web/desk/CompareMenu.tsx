import { useTranslation } from 'react-i18next';
import { useDesk } from './desk.ts';
import styles from './Filters.module.css';
import { Menu } from './Menu.tsx';
import type { Days } from './presets.ts';
import { titleOf } from './RangeControl.tsx';
import { COMPARISONS, comparisonOf, type View } from './view.ts';
import { useAddressOf } from './where.ts';

interface CompareMenuProps {
  view: View;
  days: Days;
  /** What is compared with, once that is known. */
  comparedTo: Days | undefined;
}

/** Which days figures are held against. Each choice is an address. */
export function CompareMenu({ view, days, comparedTo }: CompareMenuProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const addressOf = useAddressOf();
  const compare = comparisonOf(view, days);
  return (
    <Menu
      name={t('desk.compare.name')}
      label={
        compare === null
          ? t('desk.compare.none')
          : comparedTo
            ? t('desk.compare.with', { days: titleOf(comparedTo, calendar.weekStart) })
            : t(`desk.compare.${compare}`)
      }
    >
      {(close) => (
        <ul className={styles.list}>
          {[...COMPARISONS, 'none' as const].map((one) => (
            <li key={one}>
              <a
                href={addressOf({ ...view, compare: one })}
                aria-current={(compare ?? 'none') === one ? 'true' : undefined}
                onClick={close}
              >
                {t(`desk.compare.${one}`)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
