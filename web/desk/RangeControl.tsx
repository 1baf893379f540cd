import { useTranslation } from 'react-i18next';
import { formatLocalDate, formatLocalDates } from '../ui/format.ts';
import { Arrows } from './Arrows.tsx';
import { Calendar } from './Calendar.tsx';
import { useDesk } from './desk.ts';
import { Menu } from './Menu.tsx';
import { type Days, kindOf, PRESETS, stepped } from './presets.ts';
import styles from './RangeControl.module.css';
import type { View } from './view.ts';
import { useAddressOf } from './where.ts';

interface RangeControlProps {
  view: View;
  days: Days;
  today: string;
}

/** The days looked at, as the title of the page: press it for others, or go one on or back. */
export function RangeControl({ view, days, today }: RangeControlProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { weekStart } = calendar;
  const addressOf = useAddressOf();
  const before = stepped(days, -1, weekStart);
  const after = stepped(days, 1, weekStart);
  const at = (range: View['range']): string => addressOf({ ...view, range, step: null });
  return (
    <div className={styles.control}>
      <h1 className={styles.title}>
        <Menu kind="title" name={t('desk.range.choose')} label={titleOf(days, weekStart)}>
          {(close) => (
            <div className={styles.choice}>
              <ul className={styles.presets}>
                {PRESETS.map((preset) => (
                  <li key={preset}>
                    <a
                      href={at(preset)}
                      aria-current={view.range === preset ? 'true' : undefined}
                      onClick={close}
                    >
                      {t(`desk.range.${preset}`)}
                    </a>
                  </li>
                ))}
              </ul>
              <Calendar
                days={days}
                today={today}
                choose={(range) => {
                  location.hash = at(range);
                  close();
                }}
              />
            </div>
          )}
        </Menu>
      </h1>
      <Arrows
        before={{ href: at(before), name: t('desk.range.before', { days: titleOf(before, weekStart) }) }}
        after={
          after.startDate <= today
            ? { href: at(after), name: t('desk.range.after', { days: titleOf(after, weekStart) }) }
            : null
        }
      />
    </div>
  );
}

/** What some days are called: `2026`, `October 2026`, a day with its weekday, or from when to when. */
export function titleOf(days: Days, weekStart: number): string {
  const { startDate, endDate } = days;
  switch (kindOf(days, weekStart)) {
    case 'year':
      return formatLocalDate(startDate, 'year');
    case 'month':
      return formatLocalDate(startDate, 'month');
    case 'day':
      return formatLocalDate(startDate, 'full');
    case 'week':
    case 'days':
      return formatLocalDates(startDate, endDate, 'medium');
  }
}
