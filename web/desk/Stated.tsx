import { i18n } from '../app/i18n.ts';
import type { Level } from '../board/TileFrame.tsx';
import { Mark } from '../ui/Mark.tsx';
import { kindOfMetric, written } from './measures.ts';
import styles from './Stated.module.css';

const words = new Map<string, string>();

/** Asked for every figure: i18next takes longer to find one than React to draw it. */
function word(key: string): string {
  const at = `${i18n.language} ${key}`;
  const found = words.get(at) ?? i18n.t(key);
  words.set(at, found);
  return found;
}

interface StatedProps {
  metric: string;
  value: number | null | undefined;
  /** Too few observations to mean much [T4]. */
  isLowSample?: boolean;
  level?: Level;
  /** Where how it came about opens and closes; left out: nothing can be pressed. */
  explained?: { href: string; isOpen: boolean } | undefined;
  /** Arrow keys lead to it, and not Tab: it is one of many. */
  isOneOfMany?: boolean;
}

/**
 * A figure of the desk: the one place where one is drawn, and pressed for how it came about. An exception has its shape
 * and its word beside the colour; what keeps to its target needs none. Without a hook: four hundred appear at once where a long
 * table is scrolled, and each hook of theirs is felt.
 */
export function Stated({
  metric,
  value,
  isLowSample = false,
  level = 'calm',
  explained,
  isOneOfMany = false,
}: StatedProps) {
  const isWrong = level === 'warning' || level === 'critical';
  const low = isLowSample ? word('desk.lowSample') : undefined;
  const content = (
    <>
      {isWrong && (
        <>
          <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
          <span className="visually-hidden">{word(`level.${level}`)} </span>
        </>
      )}
      {written(value, kindOfMetric(metric))}
      {isLowSample && <span className="visually-hidden"> {low}</span>}
    </>
  );
  const shared = { className: styles.stated, 'data-level': level, 'data-low': isLowSample };
  if (explained === undefined) {
    return (
      <span {...shared} title={low}>
        {content}
      </span>
    );
  }
  const open = word('desk.explain.open');
  return (
    <a
      {...shared}
      href={explained.href}
      data-figure
      aria-current={explained.isOpen ? 'true' : undefined}
      title={low === undefined ? open : `${low} · ${open}`}
      tabIndex={isOneOfMany ? -1 : undefined}
    >
      {content}
    </a>
  );
}
