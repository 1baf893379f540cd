import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import table from './List.module.css';
import { Notice } from './Notice.tsx';
import styles from './Settings.module.css';
import type { List as ListState } from './useList.ts';

interface ListProps<T> {
  list: ListState<T>;
  /** What it is a list of: its words are `settings.<kind>.…`. */
  kind: 'queues' | 'agents';
  columns: readonly { key: string; name: string }[];
  children(row: T): ReactNode;
}

/** A table that may be long: a page at a time. */
export function List<T>({ list, kind, columns, children }: ListProps<T>) {
  const { t } = useTranslation();
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;
  if (list.rows.length === 0)
    return (
      <section className={styles.group} aria-label={t(`settings.section.${kind}`)}>
        <h2>{t(`settings.${kind}.empty`)}</h2>
        <p className={styles.lead}>{t(`settings.${kind}.emptyWhy`)}</p>
        <p className={styles.lead}>
          <a href="#/overview">{t('settings.firstCalls')}</a>
        </p>
      </section>
    );
  return (
    <>
      <p className={styles.lead}>{t(`settings.${kind}.lead`)}</p>
      <table className={table.table} data-kind={kind}>
        <thead>
          <tr>
            {columns.map(({ key, name }) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{list.rows.map(children)}</tbody>
      </table>
      {list.hasFailed && <Notice hasFailed again={list.more} />}
      {list.hasMore && !list.hasFailed && (
        <button type="button" className={styles.button} onClick={list.more}>
          {t('settings.more')}
        </button>
      )}
    </>
  );
}

/** On a phone there are no columns: each cell says what it is. */
export function Cell({ column, children }: { column: string; children: ReactNode }) {
  return <td data-column={column}>{children}</td>;
}
