import { useTranslation } from 'react-i18next';
import type { Level } from '../board/TileFrame.tsx';
import { Mark } from '../ui/Mark.tsx';
import { kindOfMetric, written } from './measures.ts';
import styles from './Stated.module.css';

interface StatedProps {
  metric: string;
  value: number | null | undefined;
  /** Too few observations to mean much [T4]. */
  isLowSample?: boolean;
  level?: Level;
}

/**
 * A figure of the desk: the one place where one is drawn, and where what explains it will open. An exception has its shape
 * and its word beside the colour; what keeps to its target needs none.
 */
export function Stated({ metric, value, isLowSample = false, level = 'calm' }: StatedProps) {
  const { t } = useTranslation();
  const isWrong = level === 'warning' || level === 'critical';
  return (
    <span
      className={styles.stated}
      data-level={level}
      data-low={isLowSample}
      title={isLowSample ? t('desk.lowSample') : undefined}
    >
      {isWrong && (
        <>
          <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
          <span className="visually-hidden">{t(`level.${level}`)} </span>
        </>
      )}
      {written(value, kindOfMetric(metric))}
      {isLowSample && <span className="visually-hidden"> {t('desk.lowSample')}</span>}
    </span>
  );
}
