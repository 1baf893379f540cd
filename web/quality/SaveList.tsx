import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from '../desk/Desk.module.css';
import { useDesk } from '../desk/desk.ts';
import { saveFile } from '../settings/saveFile.ts';
import list from './List.module.css';
import { useWriting } from './useWriting.ts';

interface SaveListProps {
  path: 'analytics/quality/scores' | 'analytics/quality/calibration' | 'analytics/quality/sample';
  /** What the list was asked with. */
  parameters: URLSearchParams;
}

/** The whole of a list as a file, however little of it is on the page. */
export function SaveList({ path, parameters }: SaveListProps) {
  const { t } = useTranslation();
  const { file } = useDesk();
  const { problem, isBusy, attempt } = useWriting();
  return (
    <div className={list.save}>
      {problem !== null && (
        <p className={styles.quiet} role="alert">
          {problem}
        </p>
      )}
      <button
        type="button"
        className={styles.button}
        disabled={isBusy}
        onClick={() => void attempt(async () => saveFile(await file(`${path}.csv?${parameters}`)))}
      >
        <Download aria-hidden="true" /> {t('desk.csv.save')}
      </button>
    </div>
  );
}
