import { useTranslation } from 'react-i18next';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { useDesk } from '../desk/desk.ts';
import { formatDateTime } from '../ui/format.ts';
import styles from './Review.module.css';

/** Which call a score is of, and on which form. `isBeside`: the call opens beside what is being written. */
export function CallFacts({ score, isBeside = false }: { score: ScoreDetail; isBeside?: boolean }) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const { calledAt, queueName, isCallKnown, callId, formName: form, formVersion: version } = score;
  return (
    <ul className={styles.facts}>
      <li>{formatDateTime(Date.parse(calledAt), calendar.timeZone)}</li>
      {queueName !== null && <li dir="auto">{queueName}</li>}
      <li>
        {isCallKnown ? (
          <a
            href={`#/calls/${encodeURIComponent(callId)}`}
            {...(isBeside && { target: '_blank', rel: 'noreferrer' })}
          >
            {t('quality.begin.call')}
          </a>
        ) : (
          t('quality.unknownCall')
        )}
      </li>
      <li>{version === null ? form : t('quality.formAndVersion', { form, version })}</li>
    </ul>
  );
}
