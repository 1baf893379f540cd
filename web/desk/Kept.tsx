import { useTranslation } from 'react-i18next';
import { formatDate } from '../ui/format.ts';
import desk from './Desk.module.css';

/** That single calls are not kept for all of the range, where that is so. */
export function Kept({ since }: { since: string | null }) {
  const { t } = useTranslation();
  if (since === null) return null;
  return <p className={desk.note}>{t('desk.kept', { since: formatDate(Date.parse(since)) })}</p>;
}
