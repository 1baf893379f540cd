import styles from './Desk.module.css';

interface SegmentsProps<Choice> {
  /** What is chosen by it. */
  name: string;
  choices: readonly Choice[];
  chosen: Choice;
  hrefOf(choice: Choice): string;
  textOf(choice: Choice): string;
  className?: string | undefined;
}

/** A few choices beside each other, of which one is: each a link to the view with it. */
export function Segments<Choice extends string | number | boolean>({
  name,
  choices,
  chosen,
  hrefOf,
  textOf,
  className = '',
}: SegmentsProps<Choice>) {
  return (
    <nav className={`${styles.segments} ${className}`} aria-label={name}>
      {choices.map((choice) => (
        <a key={String(choice)} href={hrefOf(choice)} aria-current={choice === chosen ? 'true' : undefined}>
          {textOf(choice)}
        </a>
      ))}
    </nav>
  );
}
