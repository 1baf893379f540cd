import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLocalDate, formatWeekdayName } from '../ui/format.ts';
import styles from './Calendar.module.css';
import { monthEnd, monthStart, plusDays, plusMonths, weekStartOf } from './days.ts';
import { useDesk } from './desk.ts';
import type { Days } from './presets.ts';

interface CalendarProps {
  days: Days;
  today: string;
  choose(days: Days): void;
}

const WEEKS = 6;

/** Days by a first press and a last one; a whole month or year by its name. Arrow keys move by day and week. */
export function Calendar({ days, today, choose }: CalendarProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { weekStart } = calendar;
  /** The day that has the focus, or would; the month shown is its. */
  const [at, setAt] = useState(days.endDate > today ? today : days.endDate);
  const [first, setFirst] = useState<string | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const hasMoved = useRef(false);
  useEffect(() => {
    if (hasMoved.current) grid.current?.querySelector<HTMLElement>(`[data-date="${at}"]`)?.focus();
    hasMoved.current = false;
  }, [at]);

  const month = monthStart(at);
  const top = weekStartOf(month, weekStart);
  const shown = Array.from({ length: WEEKS * 7 }, (_, place) => plusDays(top, place));
  const chosen: Days = first === null ? days : { startDate: first, endDate: first };
  const year = at.slice(0, 4);

  const press = (date: string): void => {
    if (first === null) {
      setAt(date);
      setFirst(date);
      return;
    }
    choose(first <= date ? { startDate: first, endDate: date } : { startDate: date, endDate: first });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moved(at, event.key, weekStart);
    if (next === null) return;
    event.preventDefault();
    if (next > today) return;
    hasMoved.current = true;
    setAt(next);
  };
  const turn = (months: number): void => {
    const next = plusMonths(at, months);
    setAt(next > today ? today : next);
  };

  return (
    <div className={styles.calendar}>
      <div className={styles.head}>
        <button type="button" onClick={() => turn(-1)} title={t('desk.range.earlier')}>
          <ChevronLeft aria-hidden="true" />
          <span className="visually-hidden">{t('desk.range.earlier')}</span>
        </button>
        <p className={styles.names}>
          <button
            type="button"
            title={t('desk.range.wholeMonth')}
            onClick={() => choose({ startDate: month, endDate: monthEnd(month) })}
          >
            {formatLocalDate(at, 'month')}
          </button>
          <button
            type="button"
            title={t('desk.range.wholeYear')}
            onClick={() => choose({ startDate: `${year}-01-01`, endDate: `${year}-12-31` })}
          >
            {t('desk.range.allOf', { year })}
          </button>
        </p>
        <button
          type="button"
          disabled={monthEnd(at) >= today}
          onClick={() => turn(1)}
          title={t('desk.range.later')}
        >
          <ChevronRight aria-hidden="true" />
          <span className="visually-hidden">{t('desk.range.later')}</span>
        </button>
      </div>
      <div className={styles.weekdays} aria-hidden="true">
        {shown.slice(0, 7).map((date, place) => (
          <span key={date}>{formatWeekdayName(((weekStart - 1 + place) % 7) + 1, 'short')}</span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: six rows of buttons are no fieldset. */}
      <div
        ref={grid}
        className={styles.days}
        role="group"
        aria-label={formatLocalDate(at, 'month')}
        onKeyDown={onKeyDown}
      >
        {shown.map((date) => (
          <button
            key={date}
            type="button"
            data-date={date}
            data-outside={monthStart(date) !== month}
            data-within={date >= chosen.startDate && date <= chosen.endDate}
            aria-pressed={date === chosen.startDate || date === chosen.endDate}
            aria-current={date === today ? 'date' : undefined}
            aria-label={formatLocalDate(date, 'full')}
            disabled={date > today}
            tabIndex={date === at ? 0 : -1}
            onClick={() => press(date)}
          >
            {Number(date.slice(8))}
          </button>
        ))}
      </div>
      <p className={styles.hint} aria-live="polite">
        {first === null
          ? t('desk.range.pressFirst')
          : t('desk.range.pressLast', { date: formatLocalDate(first, 'day') })}
      </p>
    </div>
  );
}

function moved(date: string, key: string, weekStart: number): string | null {
  switch (key) {
    case 'ArrowLeft':
      return plusDays(date, -1);
    case 'ArrowRight':
      return plusDays(date, 1);
    case 'ArrowUp':
      return plusDays(date, -7);
    case 'ArrowDown':
      return plusDays(date, 7);
    case 'Home':
      return weekStartOf(date, weekStart);
    case 'End':
      return plusDays(weekStartOf(date, weekStart), 6);
    case 'PageUp':
      return plusMonths(date, -1);
    case 'PageDown':
      return plusMonths(date, 1);
    default:
      return null;
  }
}
