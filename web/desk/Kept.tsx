import { useTranslation } from 'react-i18next';
import { formatDate } from '../ui/format.ts';
import desk from './Desk.module.css';
import { useDesk } from './desk.ts';

/** That single calls are not kept for all of the range, where that is so. */
export function Kept({ since }: { since: string | null }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  if (since === null) return null;
  const date = formatDate(Date.parse(since), calendar.timeZone);
  return <p className={desk.note}>{t('desk.kept', { since: date })}</p>;
}
