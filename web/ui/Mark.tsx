import styles from './Mark.module.css';

/** Shapes that tell states apart without colour; their meaning is always also said in words nearby. */
export type Shape = 'triangle' | 'square' | 'check' | 'disc' | 'ring' | 'diamond' | 'half' | 'bars' | 'dash';

const PATHS: Record<Shape, string> = {
  triangle: 'M8 1.6 15.4 14.4H0.6Z',
  square: 'M2 2h12v12H2Z',
  check: 'M1.6 8.6 3.4 6.8 6.4 9.8 12.8 3.2 14.6 5 6.4 13.4Z',
  disc: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Z',
  ring: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Zm0 2.6a3.9 3.9 0 1 0 0 7.8a3.9 3.9 0 1 0 0-7.8Z',
  diamond: 'M8 .6 15.4 8 8 15.4.6 8Z',
  half: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Zm0 2.2v8.6a4.3 4.3 0 1 0 0-8.6Z',
  bars: 'M3 2h3.6v12H3ZM9.4 2H13v12H9.4Z',
  dash: 'M2 6.6h12v2.8H2Z',
};

export function Mark({ shape }: { shape: Shape }) {
  return (
    <svg className={styles.mark} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[shape]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
