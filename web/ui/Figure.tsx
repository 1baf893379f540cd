import { type ReactNode, useEffect, useRef } from 'react';
import { Explained } from '../board/Explained.tsx';
import styles from './Figure.module.css';

interface FigureProps {
  text: string;
  /** Room to keep, in characters: the figure keeps its size as it grows and shrinks. */
  room: number;
  /** Beside it at a smaller size: another figure over what that covers, or a few words. */
  beside?: { value: string; of: string; explainedBy?: string } | string;
  /** The metric of history it is, where it is one of today. */
  explainedBy?: string;
  /** Too few observations to mean much [T4]. */
  isDim?: boolean;
  /** Height of what stands below it, in rem: a context line unless told. */
  footRem?: number;
  /** Changes all the time by itself, which is no news. */
  isTicking?: boolean;
}

/** Between the figure and what stands beside it, as in Figure.module.css. */
const GAP_EM = 0.18;
/** Of the second figure there. */
const SECOND_REM = 1.625;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The number a tile is there for: as large as its tile allows, bright for a moment when it has changed. */
export function Figure({
  text,
  room,
  beside,
  explainedBy,
  isDim = false,
  footRem = 1.5,
  isTicking = false,
}: FigureProps) {
  const element = useRef<HTMLSpanElement>(null);
  const last = useRef(text);
  useEffect(() => {
    if (last.current === text) return;
    last.current = text;
    if (isTicking || calm.matches) return;
    element.current?.animate([{ color: 'var(--bright)' }, { color: 'var(--bright)', offset: 0.5 }, {}], 600);
  }, [text, isTicking]);
  return (
    <p
      className={styles.line}
      style={{
        '--room': Math.max(room, roomOf(text)),
        '--foot': `${footRem}rem`,
        '--beside': `${beside === undefined ? 0 : widthRem(beside)}rem`,
        '--beside-em': typeof beside === 'string' ? beside.length * 0.165 : 0,
        '--gap-em': beside === undefined ? 0 : GAP_EM,
      }}
    >
      <span ref={element} className={styles.figure} data-dim={isDim}>
        <Told by={explainedBy}>{text}</Told>
      </span>
      {typeof beside === 'string' && <span className={styles.beside}>{beside}</span>}
      {typeof beside === 'object' && (
        <span className={styles.second}>
          <span className={styles.secondValue}>
            <Told by={beside.explainedBy}>{beside.value}</Told>
          </span>{' '}
          <span>{beside.of}</span>
        </span>
      )}
    </p>
  );
}

function Told({ by, children }: { by: string | undefined; children: string }) {
  return by === undefined ? children : <Explained metric={by}>{children}</Explained>;
}

/** In tabular digits: a percent sign or a letter is wider than one. */
function roomOf(text: string): number {
  return text.length + (text.match(/[%\p{L}]/gu)?.length ?? 0) * 0.5;
}

/** Room to keep for what stands beside; words grow with the figure, but are no smaller than this. */
function widthRem(beside: { value: string } | string): number {
  return typeof beside === 'string'
    ? beside.length * 0.5
    : Math.max(3, roomOf(beside.value) * 0.6 * SECOND_REM);
}

/** The one line below a figure. */
export function Context({ children }: { children: ReactNode }) {
  return <p className={styles.context}>{children}</p>;
}
