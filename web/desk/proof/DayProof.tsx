import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reconciliation, StoredReconciliation } from '../../../shared/contract/reconciliation.ts';
import { Refused } from '../../app/ask.ts';
import { formatCount, formatDateTime, formatLocalDate } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import { useDesk } from '../desk.ts';
import { DEFAULT_VIEW, addressOf as performanceOf } from '../view.ts';
import styles from './DayProof.module.css';
import { SHAPES } from './Month.tsx';
import { ProofRows } from './ProofRows.tsx';

interface DayProofProps {
  date: string;
  /** What the nights have found of it; undefined where they looked at nothing. */
  stored: StoredReconciliation | undefined;
  close: string;
}

/** One day: what was found of it, the figures that differ four ways, and a way to prove it now. */
export function DayProof({ date, stored, close }: DayProofProps) {
  const { t } = useTranslation();
  const { calendar, may, read } = useDesk();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever opened it by keyboard reads on here.
  useEffect(() => heading.current?.focus(), []);
  const prove = useMutation({
    mutationFn: (rows: 'differences' | 'all') =>
      read<{ data: Reconciliation }>(
        `analytics/reconciliation?${new URLSearchParams({ date, rows })}`,
        new AbortController().signal,
      ),
  });
  const proven = prove.data?.data;
  const told = proven ?? stored;
  const rows = proven?.rows ?? stored?.differences ?? [];
  const at = (instant: string): string => formatDateTime(Date.parse(instant), calendar.timeZone);
  return (
    <section className={desk.panel} aria-label={t('desk.proof.of', { day: formatLocalDate(date, 'full') })}>
      <div className={desk.panelHead}>
        <h2 ref={heading} tabIndex={-1}>
          {formatLocalDate(date, 'full')}
        </h2>
        {told && (
          <p className={styles.state} data-state={told.state}>
            <Mark shape={SHAPES[told.state]} /> {t(`desk.proof.state.${told.state}`)}
          </p>
        )}
        <p className={desk.readout} data-idle="true">
          <a
            className={styles.figures}
            href={performanceOf({ ...DEFAULT_VIEW, range: { startDate: date, endDate: date } })}
          >
            {t('desk.proof.figures')}
          </a>
        </p>
        <a className={desk.button} href={close}>
          <X aria-hidden="true" /> {t('desk.explain.close')}
        </a>
      </div>
      <p className={styles.about}>
        {told === undefined
          ? t('desk.proof.unknown')
          : t(`desk.proof.about.${told.state}`, {
              compared: formatCount(told.compared),
              different: formatCount(told.different),
              visits: formatCount(told.visits),
            })}{' '}
        {proven?.settlesAt && t('desk.proof.settles', { time: at(proven.settlesAt) })}{' '}
        {told?.settledAt && t('desk.proof.settled', { time: at(told.settledAt) })}{' '}
        {told?.auditedAt && t('desk.proof.audited', { time: at(told.auditedAt) })}
      </p>
      {may('settings:manage') && (
        <div className={styles.tools}>
          <button
            type="button"
            className={desk.button}
            disabled={prove.isPending}
            onClick={() => prove.mutate('differences')}
          >
            {t('desk.proof.now')}
          </button>
          <button
            type="button"
            className={desk.button}
            disabled={prove.isPending}
            onClick={() => prove.mutate('all')}
          >
            {t('desk.proof.every')}
          </button>
          <p role="status" className={desk.quiet}>
            {prove.isPending ? t('desk.proof.working') : ''}
          </p>
          {prove.error !== null && <Problem error={prove.error} />}
        </div>
      )}
      {rows.length > 0 && <ProofRows rows={rows} />}
      {proven === undefined && (stored?.different ?? 0) > rows.length && (
        <p className={desk.quiet}>
          {t('desk.proof.first', {
            shown: formatCount(rows.length),
            all: formatCount(stored?.different ?? 0),
          })}
        </p>
      )}
    </section>
  );
}

/** Why a day could not be proven now, and what helps. */
function Problem({ error }: { error: Error }) {
  const { t } = useTranslation();
  const refused = error instanceof Refused ? error : null;
  const [issue] = refused?.issues ?? [];
  const said =
    refused?.code === 'too_many_requests' || refused?.code === 'overloaded'
      ? t(`desk.proof.problem.${refused.code}`)
      : issue
        ? t('desk.proof.problem.refused', { message: issue.message })
        : refused === null
          ? t('desk.error.awayRemedy')
          : refused.code === 'database_unavailable'
            ? t('desk.error.database')
            : refused.message || t('desk.error.failedRemedy');
  return (
    <p role="alert" className={styles.problem}>
      <Mark shape="triangle" /> {said}
    </p>
  );
}
