import styles from './Name.module.css';

/** A name somebody else chose: written in its own direction, cut at its end when there is no room for all of it. */
export function Name({ children }: { children: string }) {
  return (
    <span className={styles.name} dir="auto">
      {children}
    </span>
  );
}
