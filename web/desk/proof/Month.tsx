import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredReconciliation } from '../../../shared/contract/reconciliation.ts';
import { formatCount, formatLocalDate, formatWeekdayName } from '../../ui/format.ts';
import { Mark, type Shape } from '../../ui/Mark.tsx';
import { useDesk } from '../desk.ts';
import styles from './Month.module.css';
import { weeksOf } from './months.ts';

export const SHAPES: Record<StoredReconciliation['state'], Shape> = {
  proven: 'check',
  different: 'square',
  unsettled: 'half',
  waiting: 'ring',
};

interface MonthProps {
  month: string;
  byDate: ReadonlyMap<string, StoredReconciliation>;
  opened: string | null;
  addressOf(day: string): string;
}

/** A month as a calendar has it; every day says by a shape and a word what is known of it. */
export function Month({ month, byDate, opened, addressOf }: MonthProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const id = useId();
  const weekdays = Array.from({ length: 7 }, (_, place) => ((calendar.weekStart - 1 + place) % 7) + 1);
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id}>{formatLocalDate(month, 'month')}</h2>
      <table className={styles.month} aria-labelledby={id}>
        <thead>
          <tr>
            {weekdays.map((day) => (
              <th key={day} scope="col">
                <abbr title={formatWeekdayName(day)}>{formatWeekdayName(day, 'short')}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month, calendar.weekStart).map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((day, place) => {
                const found = day === null ? undefined : byDate.get(day);
                if (day === null || found === undefined) {
                  return (
                    <td key={weekdays[place]} data-state="none">
                      {day !== null && <span>{Number(day.slice(8))}</span>}
                    </td>
                  );
                }
                return (
                  <td key={weekdays[place]} data-state={found.state}>
                    <a href={addressOf(day)} aria-current={day === opened ? 'true' : undefined}>
                      <span aria-hidden="true">{Number(day.slice(8))}</span>
                      <span className="visually-hidden">{formatLocalDate(day, 'full')}</span>
                      <Mark shape={SHAPES[found.state]} />
                      <span className="visually-hidden">{t(`desk.proof.state.${found.state}`)}</span>
                      {found.different > 0 && <strong>{formatCount(found.different)}</strong>}
                    </a>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
