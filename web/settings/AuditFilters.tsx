import { Download } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { AUDIT_ACTIONS } from '../../shared/contract/audit.ts';
import styles from './Audit.module.css';
import type { RestApi } from './api.ts';
import page from './Settings.module.css';
import { saveFile } from './saveFile.ts';
import { useAttempt } from './useAttempt.ts';

/** Where the audit is read with these filters. */
export function auditAddress(filters: URLSearchParams): string {
  const query = filters.toString();
  return `#/settings/audit${query && `?${query}`}`;
}

/** What to look for. Each field is taken into the address as it is left; the list and the file follow the address. */
export function AuditFilters({ api, filters }: { api: RestApi; filters: URLSearchParams }) {
  const { t } = useTranslation();
  const { problem, attempt } = useAttempt();
  const query = filters.toString();

  const choose = (name: string, value: string): void => {
    if ((filters.get(name) ?? '') === value) return;
    const next = new URLSearchParams(filters);
    if (value === '') next.delete(name);
    else next.set(name, value);
    location.hash = auditAddress(next);
  };
  const field = (name: string, type: 'text' | 'date') => (
    <Field label={t(`settings.audit.${name}`)}>
      {(id) => (
        <input
          id={id}
          type={type}
          defaultValue={filters.get(name) ?? ''}
          placeholder={type === 'text' ? t('settings.audit.anybody') : undefined}
          autoComplete="off"
          onChange={(event) =>
            type === 'date' && isWhole(event.target.value) && choose(name, event.target.value)
          }
          onBlur={(event) => choose(name, event.target.value.trim())}
          onKeyDown={(event) => event.key === 'Enter' && choose(name, event.currentTarget.value.trim())}
        />
      )}
    </Field>
  );

  return (
    <section className={styles.filters} aria-label={t('settings.audit.filters')}>
      <Field label={t('settings.audit.action')}>
        {(id) => (
          <select
            id={id}
            value={filters.get('action') ?? ''}
            onChange={(event) => choose('action', event.target.value)}
          >
            <option value="">{t('settings.audit.anything')}</option>
            {AUDIT_ACTIONS.map((action) => (
              <option key={action} value={action}>
                {t(`settings.audit.kind.${action.replace('.', '_')}`, { defaultValue: action })}
              </option>
            ))}
          </select>
        )}
      </Field>
      {field('actor', 'text')}
      {field('subject', 'text')}
      {field('startDate', 'date')}
      {field('endDate', 'date')}
      <div className={styles.actions}>
        {query !== '' && (
          <a className={styles.clear} href={auditAddress(new URLSearchParams())}>
            {t('settings.audit.clear')}
          </a>
        )}
        <button
          type="button"
          className={page.button}
          onClick={() => void attempt(async () => saveFile(await api.file(`/export${query && `?${query}`}`)))}
        >
          <Download aria-hidden="true" /> {t('settings.audit.csv')}
        </button>
      </div>
      <p className={page.problem} role="alert">
        {problem}
      </p>
    </section>
  );
}

/** A year is typed digit by digit, and each makes a date: 0002, 0020, 0202. */
function isWhole(date: string): boolean {
  return date === '' || date >= '2000';
}

function Field({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
