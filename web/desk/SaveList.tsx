import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../settings/reasonOf.ts';
import { saveFile } from '../settings/saveFile.ts';
import styles from './Desk.module.css';
import { useDesk } from './desk.ts';
import list from './Listing.module.css';

interface SaveListProps {
  path:
    | 'calls'
    | 'legs'
    | 'analytics/quality/scores'
    | 'analytics/quality/calibration'
    | 'analytics/quality/sample';
  /** What the list was asked with. */
  parameters: URLSearchParams;
}

/** The whole of a list as a file, however little of it is on the page. Nothing is changed by it. */
export function SaveList({ path, parameters }: SaveListProps) {
  const { t } = useTranslation();
  const { file } = useDesk();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      saveFile(await file(`${path}.csv?${parameters}`));
    } catch (error) {
      setProblem(reasonOf(error) ?? t('desk.csv.problem'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={list.save}>
      {problem !== null && (
        <p className={styles.quiet} role="alert">
          {problem}
        </p>
      )}
      {/* A button that is disabled would lose the focus. */}
      <button type="button" className={styles.button} aria-disabled={isBusy} onClick={() => void save()}>
        <Download aria-hidden="true" /> {t('desk.csv.save')}
      </button>
    </div>
  );
}
