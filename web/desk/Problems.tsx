import { useTranslation } from 'react-i18next';
import { Mark } from '../ui/Mark.tsx';
import desk from './Desk.module.css';
import type { Problem } from './view.ts';

/** What an address asked for that cannot be, a line each. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  const { t } = useTranslation();
  return problems.map(({ kind, value }) => (
    <p key={`${kind} ${value}`} className={desk.note}>
      <Mark shape="triangle" /> {t(`desk.problem.${kind}`, { value })}
    </p>
  ));
}
