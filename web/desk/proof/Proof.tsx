import { useTranslation } from 'react-i18next';
import { i18n } from '../../app/i18n.ts';
import { formatLocalDates } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Arrows } from '../Arrows.tsx';
import desk from '../Desk.module.css';
import { monthStart, plusMonths } from '../days.ts';
import { useAnswer } from '../desk.ts';
import states from '../Message.module.css';
import { Message } from '../Message.tsx';
import { Page, type Place } from '../Page.tsx';
import { Problems } from '../Problems.tsx';
import { useToday } from '../useView.ts';
import { DayProof } from './DayProof.tsx';
import en from './en.json' with { type: 'json' };
import { Month } from './Month.tsx';
import { addressOfProof, counted, daysShown, MONTHS, proofViewOf } from './months.ts';
import styles from './Proof.module.css';

i18n.addResourceBundle('en', 'translation', en, true);

/** Whether the wall, history and the log come to the same numbers, day by day [R1]; press a day for what was compared. */
export function Proof({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const today = useToday();
  const { view, problems } = proofViewOf(query, today);
  const days = daysShown(view.month, today);
  const { data, error, refetch } = useAnswer('analytics/reconciliations', new URLSearchParams({ ...days }), {
    isMoving: true,
    isWanted: days.startDate <= days.endDate,
  });
  const byDate = new Map(data?.data.map((day) => [day.date, day]));
  const counts = data && counted(data.data);
  const level = !counts ? 'calm' : counts.different > 0 ? 'critical' : counts.proven > 0 ? 'good' : 'calm';
  const later = plusMonths(view.month, MONTHS);
  const months = Array.from({ length: MONTHS }, (_, nth) => plusMonths(view.month, nth + 1 - MONTHS));
  // Before anything was heard there is nothing to prove.
  const first = data?.data[0]?.date.slice(0, 7) ?? '';
  const shown = months.filter(
    (month) => month === view.month || (first !== '' && month.slice(0, 7) >= first),
  );
  const at = (month: string): string => addressOfProof({ ...view, month }, today);
  return (
    <Page title={t('desk.places.proof')} back={{ href: '#/', name: t('desk.toWall') }} {...place}>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {formatLocalDates(data ? (shown[0] ?? view.month) : days.startDate, view.month, 'month')}
        </h1>
        <Arrows
          before={{ href: at(plusMonths(view.month, -MONTHS)), name: t('desk.proof.before') }}
          after={
            plusMonths(view.month, 1) <= today
              ? { href: at(later <= today ? later : monthStart(today)), name: t('desk.proof.after') }
              : null
          }
        />
      </div>
      {problems.length > 0 && (
        <div className={desk.notes} role="status">
          <Problems problems={problems} />
        </div>
      )}
      {counts && (
        <p className={styles.lead} data-level={level}>
          <Mark shape={level === 'critical' ? 'square' : level === 'good' ? 'check' : 'dash'} />{' '}
          <strong>
            {data.data.length === 0
              ? t('desk.proof.nothing')
              : counts.different > 0
                ? t('desk.proof.some', { count: counts.different })
                : counts.proven > 0
                  ? t('desk.proof.all', { count: counts.proven })
                  : t('desk.proof.noneYet')}
          </strong>{' '}
          {(['unsettled', 'waiting'] as const)
            .filter((state) => counts[state] > 0)
            .map((state) => t(`desk.proof.count.${state}`, { count: counts[state] }))
            .join(' ')}
        </p>
      )}
      {error !== null && <Message error={error} again={() => void refetch()} />}
      {!data && error === null && (
        <div role="status" aria-busy="true">
          <span className="visually-hidden">{t('desk.loading')}</span>
          <div className={states.skeleton} data-part="chart" />
        </div>
      )}
      {data && (
        <div className={styles.months}>
          {shown.map((month) => (
            <Month
              key={month}
              month={month}
              byDate={byDate}
              opened={view.day}
              addressOf={(day) => addressOfProof({ ...view, day }, today)}
            />
          ))}
        </div>
      )}
      {view.day !== null && (
        <DayProof
          key={view.day}
          date={view.day}
          stored={byDate.get(view.day)}
          close={addressOfProof({ ...view, day: null }, today)}
        />
      )}
      <p className={desk.quiet}>{t('desk.proof.note')}</p>
    </Page>
  );
}
