import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive, useTrouble } from '../live/hooks.ts';
import { formatTime } from '../ui/format.ts';
import { Mark, type Shape } from '../ui/Mark.tsx';
import styles from './TileFrame.module.css';

/** How much a tile asks for attention; each has its shape and word besides its colour. */
export type Level = 'calm' | 'good' | 'warning' | 'critical';

const SHAPES: Record<Exclude<Level, 'calm'>, Shape> = {
  good: 'check',
  warning: 'triangle',
  critical: 'square',
};

interface TileFrameProps {
  label: string;
  /** What the figures cover: a window, an order. */
  covers?: string;
  level?: Level;
  /** No snapshot yet. */
  isLoading?: boolean;
  /** There is nothing to show, and this would fill it. */
  empty?: string | false;
  /** The tile cannot work, and this helps. */
  problem?: string;
  children: ReactNode;
}

/** What every tile shares: its label, its state, and what it looks like when its numbers cannot be trusted [L9]. */
export function TileFrame({
  label,
  covers,
  level = 'calm',
  isLoading,
  empty,
  problem,
  children,
}: TileFrameProps) {
  const { t } = useTranslation();
  const trouble = useTrouble();
  const isStale = trouble !== null && !isLoading;
  // Old figures raise no alarm: what is wrong now is that they are old.
  const shown = isStale || isLoading ? 'calm' : level;
  return (
    <section className={styles.tile} data-level={shown} data-stale={isStale} aria-label={label}>
      <div className={styles.inside}>
        <div className={styles.head}>
          <h2 className={styles.label}>
            {label}
            {covers && <span className={styles.covers}> {covers}</span>}
          </h2>
          {shown !== 'calm' && (
            <span className={styles.level} title={t(`level.${shown}`)}>
              <Mark shape={SHAPES[shown]} />
              <span className="visually-hidden">{t(`level.${shown}`)}</span>
            </span>
          )}
          {trouble && <StaleNote />}
        </div>
        <div className={styles.body} aria-busy={isLoading}>
          {content({ isLoading, empty, problem, children, loading: t('tile.loading') })}
        </div>
      </div>
    </section>
  );
}

function content(
  part: Pick<TileFrameProps, 'isLoading' | 'empty' | 'problem' | 'children'> & { loading: string },
) {
  if (part.problem) return <p className={styles.notice}>{part.problem}</p>;
  if (part.isLoading) {
    return (
      <div className={styles.skeleton}>
        <span className="visually-hidden">{part.loading}</span>
      </div>
    );
  }
  if (part.empty) return <p className={styles.notice}>{part.empty}</p>;
  return part.children;
}

/** Since when, and why. */
function StaleNote() {
  const { t } = useTranslation();
  const { timeZone } = useLive();
  const trouble = useTrouble();
  if (!trouble) return null;
  return (
    <span className={styles.since}>
      <span>{t(`trouble.${trouble.kind}`, { ...trouble })}</span>{' '}
      <span>{t('trouble.since', { time: formatTime(trouble.since, timeZone) })}</span>
    </span>
  );
}
