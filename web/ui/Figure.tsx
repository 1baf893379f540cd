import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Figure.module.css';

interface FigureProps {
  text: string;
  /** Room to keep, in characters: the figure keeps its size as it grows and shrinks. */
  room: number;
  /** Beside it at a smaller size: a {@link Beside}, or a word or two. */
  beside?: ReactNode;
  /** Width to keep for it, in rem. */
  besideRem?: number;
  /** Too few observations to mean much [T4]. */
  isDim?: boolean;
  /** Height of what stands below it, in rem: a context line unless told. */
  footRem?: number;
  /** Changes all the time by itself, which is no news. */
  isTicking?: boolean;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The number a tile is there for: as large as its tile allows, bright for a moment when it has changed. */
export function Figure({
  text,
  room,
  beside,
  besideRem = 4,
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
        '--room': Math.max(room, text.length),
        '--foot': `${footRem}rem`,
        '--beside': beside ? `${besideRem}rem` : '0rem',
      }}
    >
      <span ref={element} className={styles.figure} data-dim={isDim}>
        {text}
      </span>
      {beside && <span className={styles.beside}>{beside}</span>}
    </p>
  );
}

/** A second figure beside the first, over what it covers. */
export function Beside({ value, of }: { value: string; of: string }) {
  return (
    <span className={styles.second}>
      <span className={styles.secondValue}>{value}</span> <span>{of}</span>
    </span>
  );
}

/** The one line below a figure. */
export function Context({ children }: { children: ReactNode }) {
  return <p className={styles.context}>{children}</p>;
}
