import { ChevronDown } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditRecord } from '../../shared/contract/auditRest.ts';
import { useAddress } from '../app/address.ts';
import { formatDay, formatTime } from '../ui/format.ts';
import styles from './Audit.module.css';
import { AuditFilters, auditAddress } from './AuditFilters.tsx';
import type { RestApi } from './api.ts';
import { changesIn, sentenceOf, summaryOf } from './auditWords.ts';
import { Notice } from './Notice.tsx';
import page from './Settings.module.css';
import { useList } from './useList.ts';

/** Who did what, and what was refused: the latest first. What is looked for stands in the address. */
export function Audit({ api, timeZone }: { api: RestApi; timeZone: string }) {
  const address = useAddress();
  const filters = useMemo(() => new URLSearchParams(address.split('?')[1]), [address]);
  const query = filters.toString();
  return (
    <div className={styles.audit}>
      <AuditFilters api={api} filters={filters} key={`filters ${query}`} />
      <Records api={api} query={query} timeZone={timeZone} key={query} />
    </div>
  );
}

function Records({ api, query, timeZone }: { api: RestApi; query: string; timeZone: string }) {
  const { t } = useTranslation();
  const list = useList<AuditRecord>(api, query === '' ? '' : `?${query}`);
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;
  if (list.rows.length === 0) {
    return <p className={page.notice}>{t(`settings.audit.${query === '' ? 'empty' : 'nothing'}`)}</p>;
  }
  return (
    <section className={page.group} aria-label={t('settings.section.audit')}>
      {byDay(list.rows, timeZone).map(({ day, records }) => (
        <div key={day} className={styles.day}>
          <h2>{day}</h2>
          <ul>
            {records.map((record) => (
              <Line key={record.id} record={record} timeZone={timeZone} />
            ))}
          </ul>
        </div>
      ))}
      {list.hasFailed && <Notice hasFailed again={list.more} />}
      {list.hasMore && !list.hasFailed && (
        <button type="button" className={page.button} onClick={list.more}>
          {t('settings.more')}
        </button>
      )}
    </section>
  );
}

function Line({ record, timeZone }: { record: AuditRecord; timeZone: string }) {
  const { t } = useTranslation();
  const summary = summaryOf(record, t, timeZone);
  return (
    <li>
      <details className={styles.line}>
        <summary>
          <time dateTime={record.occurredAt}>{formatTime(Date.parse(record.occurredAt), timeZone)}</time>
          <span className={styles.sentence}>
            {sentenceOf(record, t)}
            {summary !== '' && <span className={styles.summary}>{summary}</span>}
          </span>
          <span className={styles.address}>{record.address}</span>
          <ChevronDown className={styles.open} aria-hidden="true" />
        </summary>
        <Details record={record} timeZone={timeZone} />
      </details>
    </li>
  );
}

function Details({ record, timeZone }: { record: AuditRecord; timeZone: string }) {
  const { t } = useTranslation();
  const { actor, subject, requestId } = record;
  const changes = changesIn(record, t, timeZone);
  const hasBoth = record.before !== null && record.after !== null;
  return (
    <div className={styles.details}>
      {changes.length > 0 && (
        <dl className={styles.changes}>
          {changes.map(({ field, name, before, after }) => (
            <div key={field}>
              <dt>{name}</dt>
              <dd>
                {hasBoth ? t('settings.audit.fromTo', { before, after }) : record.after ? after : before}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className={styles.facts}>
        {t('settings.audit.at', {
          time: formatTime(Date.parse(record.occurredAt), timeZone, true),
          timeZone,
        })}
        {requestId !== null && ` · ${t('settings.audit.request', { requestId })}`}
      </p>
      <p className={styles.only}>
        {actor.id !== null && (
          <a href={auditAddress(new URLSearchParams({ actor: actor.id }))}>
            {t('settings.audit.onlyActor', { name: actor.name })}
          </a>
        )}
        {subject !== null && subject.id !== actor.id && (
          <a href={auditAddress(new URLSearchParams({ subject: subject.id }))}>
            {t('settings.audit.onlySubject', { name: subject.name })}
          </a>
        )}
      </p>
    </div>
  );
}

function byDay(records: readonly AuditRecord[], timeZone: string): { day: string; records: AuditRecord[] }[] {
  const days: { day: string; records: AuditRecord[] }[] = [];
  for (const record of records) {
    const day = formatDay(Date.parse(record.occurredAt), timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.records.push(record);
    else days.push({ day, records: [record] });
  }
  return days;
}
