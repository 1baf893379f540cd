import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptImport } from '../../../shared/contract/imports.ts';
import { formatCount, formatDateTime } from '../../ui/format.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import { useDesk } from '../desk.ts';
import { Pending } from '../Message.tsx';
import { More } from '../More.tsx';
import { Scroll } from '../Scroll.tsx';
import styles from './Sources.module.css';
import { TakeBack } from './TakeBack.tsx';

const FIGURES = ['lines', 'accepted', 'duplicates', 'rejected', 'warnings'] as const;
const PAGE = 20;
/** While one runs its lines are counted on. */
const RUNNING_MS = 5_000;

interface ImportPage {
  data: KeptImport[];
  meta: { nextCursor: string | null };
}

/** What was taken in as one, the newest first, and can be taken back as one. */
export function Imports() {
  const { t } = useTranslation();
  const { read, write, calendar } = useDesk();
  const client = useQueryClient();
  const table = useRef<HTMLDivElement>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam, signal }) => read<ImportPage>(`imports?limit=${PAGE}${pageParam}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ meta }) =>
      meta.nextCursor === null ? null : `&cursor=${encodeURIComponent(meta.nextCursor)}`,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.data.some(({ state }) => state === 'running'))
        ? RUNNING_MS
        : false,
  });
  const imports = data?.pages.flatMap((page) => page.data);
  return (
    <section className={desk.panel} aria-label={t('desk.imports.title')}>
      <div className={desk.panelHead}>
        <h2>{t('desk.imports.title')}</h2>
        <p className={desk.readout} data-idle="true">
          {t('desk.imports.note')}
        </p>
      </div>
      {!imports && <Pending error={error} again={() => void refetch()} />}
      {imports?.length === 0 && <p className={desk.quiet}>{t('desk.imports.none')}</p>}
      {imports && imports.length > 0 && (
        <Scroll at={table} className={styles.scroll} name={t('desk.imports.title')}>
          <table className={styles.table}>
            <thead>
              <tr>
                {(['name', 'source', 'startedAt', 'state'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`desk.imports.${column}`)}
                  </th>
                ))}
                {FIGURES.map((column) => (
                  <th key={column} scope="col" data-figure="true">
                    {t(`desk.imports.${column}`)}
                  </th>
                ))}
                <th scope="col">
                  <span className="visually-hidden">{t('desk.imports.takeBack')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {imports.map((one) => (
                <tr key={one.id} data-state={one.state}>
                  <th scope="row" dir="auto">
                    {one.name === '' ? t('desk.imports.unnamed') : one.name}
                  </th>
                  <td dir="auto">{one.source}</td>
                  <td>{formatDateTime(Date.parse(one.startedAt), calendar.timeZone)}</td>
                  <td className={styles.state} title={one.error ?? undefined}>
                    {one.state === 'failed' && <Mark shape="triangle" />}
                    {t(`desk.imports.is.${one.state}`, { figure: formatCount(one.voided) })}
                    {one.error !== null && <span className={styles.why}>{one.error}</span>}
                  </td>
                  {FIGURES.map((column) => (
                    <td
                      key={column}
                      data-figure="true"
                      data-odd={(column === 'rejected' || column === 'warnings') && one[column] > 0}
                    >
                      {formatCount(one[column])}
                    </td>
                  ))}
                  <td>
                    {one.state !== 'voided' && one.state !== 'running' && (
                      <TakeBack
                        of={one}
                        act={async () => {
                          await write('DELETE', `imports/${one.id}`);
                          // It changes every figure there is.
                          await client.invalidateQueries();
                        }}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <More more={hasNextPage ? () => void fetchNextPage() : null} isBusy={isFetchingNextPage} list={table} />
    </section>
  );
}
