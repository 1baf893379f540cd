import { ChevronLeft, ChevronRight } from 'lucide-react';
import styles from './Arrows.module.css';

interface ArrowsProps {
  before: { href: string; name: string };
  /** Null where what comes after has not come yet. */
  after: { href: string; name: string } | null;
}

/** One on or one back in time. */
export function Arrows({ before, after }: ArrowsProps) {
  return (
    <div className={styles.arrows}>
      <a href={before.href} title={before.name}>
        <ChevronLeft aria-hidden="true" />
        <span className="visually-hidden">{before.name}</span>
      </a>
      {after === null ? (
        <span className={styles.none}>
          <ChevronRight aria-hidden="true" />
        </span>
      ) : (
        <a href={after.href} title={after.name}>
          <ChevronRight aria-hidden="true" />
          <span className="visually-hidden">{after.name}</span>
        </a>
      )}
    </div>
  );
}
