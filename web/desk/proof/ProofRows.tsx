import { useTranslation } from 'react-i18next';
import type { ReconciliationRow } from '../../../shared/contract/reconciliation.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Gap } from '../Grid.tsx';
import { Scroll } from '../Scroll.tsx';
import { useWindow } from '../useWindow.ts';
import styles from './ProofRows.module.css';
import { differenceOf, isDifferent, sorted, WAYS, writtenBy } from './rows.ts';

const SPAN = WAYS.length + 3;

/** Figures side by side, as each way has them; what differs comes first. */
export function ProofRows({ rows }: { rows: readonly ReconciliationRow[] }) {
  const { t } = useTranslation();
  const all = sorted(rows);
  const { from, to, above, below, isCut, ref, onScroll } = useWindow(all.length);
  return (
    <Scroll
      name={t('desk.proof.rows')}
      className={styles.scroll}
      isLarge={isCut}
      at={ref}
      onScroll={onScroll}
    >
      <table className={styles.rows} aria-rowcount={all.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('desk.proof.whose')}</th>
            <th scope="col">{t('desk.proof.figure')}</th>
            {WAYS.map((way) => (
              <th key={way} scope="col" title={t(`desk.proof.way.${way}About`)}>
                {t(`desk.proof.way.${way}`)}
              </th>
            ))}
            <th scope="col">{t('desk.proof.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap px={above} span={SPAN} />}
          {all.slice(from, to).map((row) => (
            <tr key={`${row.of} ${row.id} ${row.metric}`} data-row="true" data-different={isDifferent(row)}>
              <th scope="row" dir="auto">
                {row.of === 'total' ? t('desk.total') : row.name}
                {row.of !== 'total' && <small> {t(`desk.proof.whoseKind.${row.of}`)}</small>}
              </th>
              <td>{t(`desk.metric.${row.metric}`, { defaultValue: row.metric })}</td>
              {WAYS.map((way) => (
                <td key={way}>{writtenBy(row, way)}</td>
              ))}
              <td>
                {isDifferent(row) && <Mark shape="square" />} {differenceOf(row)}
              </td>
            </tr>
          ))}
          {below > 0 && <Gap px={below} span={SPAN} />}
        </tbody>
      </table>
    </Scroll>
  );
}
