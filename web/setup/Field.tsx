import type { ComponentProps } from 'react';
import { useId } from 'react';
import styles from './Setup.module.css';
import type { Problem } from './Setup.tsx';

interface FieldProps extends ComponentProps<'input'> {
  name: string;
  label: string;
  hint?: string;
  problem: Problem | null;
  /** Suggestions while typing. */
  suggestions?: readonly string[];
}

/** One thing asked for, with what is wrong with it in the place of its hint. */
export function Field({ label, hint, problem, suggestions, ...input }: FieldProps) {
  const id = useId();
  const wrong = problem?.path === input.name ? problem.message : null;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        required
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-hint`}
        list={suggestions && `${id}-list`}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      <p id={`${id}-hint`} className={styles.hint} data-failed={wrong !== null} role="status">
        {wrong ?? hint}
      </p>
    </div>
  );
}
