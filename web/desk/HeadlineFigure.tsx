import { CircleQuestionMark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Level } from '../board/TileFrame.tsx';
import styles from './Headlines.module.css';
import { changeOf } from './measures.ts';
import { Stated } from './Stated.tsx';

interface HeadlineFigureProps {
  metric: string;
  value: number | null | undefined;
  /** What it was in the days it is compared with; null: with none. */
  before: { value: number | null | undefined } | null;
  level: Level;
  isLowSample: boolean;
  /** What it means, in a few words. */
  meaning: string;
  /** Where pressing it leads, and whether it is what is drawn below. */
  href: string;
  isCurrent: boolean;
  /** Another metric, where that is what explains it. */
  explainedBy?: string;
  /** Where that opens and closes. */
  explained: { href: string; isOpen: boolean };
}

/** One of the figures above a page: pressed it is drawn below, and beside it is asked how it came about. */
export function HeadlineFigure({
  metric,
  value,
  before,
  level,
  isLowSample,
  meaning,
  href,
  isCurrent,
  explainedBy = metric,
  explained,
}: HeadlineFigureProps) {
  const { t } = useTranslation();
  const change = before && changeOf(metric, value, before.value);
  return (
    <li>
      <a className={styles.figure} href={href} aria-current={isCurrent ? 'true' : undefined}>
        <span className={styles.label}>{t(`desk.metric.${metric}`)}</span>
        <span className={styles.value}>
          <Stated metric={metric} value={value} isLowSample={isLowSample} level={level} />
        </span>
        <span className={styles.meaning}>{meaning}</span>
        {before && (
          <span className={styles.change}>
            {change === null
              ? value !== null && t('desk.change.none')
              : t(`desk.change.${change.word}`, { amount: change.amount })}
          </span>
        )}
      </a>
      <a
        className={styles.explain}
        href={explained.href}
        data-figure
        title={t('desk.explain.open')}
        aria-current={explained.isOpen ? 'true' : undefined}
      >
        <CircleQuestionMark aria-hidden="true" />
        <span className="visually-hidden">
          {t('desk.explain.openOf', { metric: t(`desk.metric.${explainedBy}`) })}
        </span>
      </a>
    </li>
  );
}
