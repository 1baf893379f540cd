import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Scroll } from '../desk/Scroll.tsx';
import list from './List.module.css';

interface ListTableProps {
  name: string;
  columns: readonly string[];
  /** Its place on the page. */
  at?: RefObject<HTMLDivElement | null>;
  /** Its rows. */
  children: ReactNode;
}

/** A list of single calls or scores, under the names of its columns. */
export function ListTable({ name, columns, at, children }: ListTableProps) {
  const { t } = useTranslation();
  return (
    <Scroll {...(at && { at })} className={list.scroll} name={name}>
      <table className={list.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {t(`quality.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
