import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import styles from './SignIn.module.css';

interface DoorProps {
  title: string;
  /** What it is about, where the title does not say it. */
  lead?: ReactNode;
  submit: string;
  busy: string;
  /** Rejects where it did not work; `explain` says why. */
  work(fields: FormData): Promise<void>;
  explain(error: unknown): string;
  /** Something that is wrong before anything was tried. */
  problem?: string | null;
  /** The fields. */
  children: ReactNode;
  /** Below the button: where else one might want to go. */
  other?: ReactNode;
}

/** A page of one form, for whoever is not signed in: what is asked, why it did not work, one button. */
export function Door(props: DoorProps) {
  const { title, lead, submit, busy, work, explain, children, other } = props;
  const [problem, setProblem] = useState(props.problem ?? null);
  const [isBusy, setBusy] = useState(false);

  const onSubmit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await work(fields);
    } catch (error) {
      setBusy(false);
      setProblem(explain(error));
    }
  };

  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={(event) => void onSubmit(event)} aria-labelledby="door">
        <h1 id="door" className={styles.title}>
          {title}
        </h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {children}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button type="submit" className={styles.submit} disabled={isBusy}>
          {isBusy ? busy : submit}
        </button>
        {other}
      </form>
    </main>
  );
}

interface DoorFieldProps {
  label: string;
  name: string;
  type?: 'email' | 'password' | 'text';
  autoComplete: string;
  defaultValue?: string | undefined;
  /** Shown, and sent to password managers, but not to be changed. */
  isFixed?: boolean;
  hasFocus?: boolean;
  hint?: string;
}

export function DoorField(props: DoorFieldProps) {
  const { label, name, type = 'text', autoComplete, defaultValue, isFixed, hasFocus, hint } = props;
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autoComplete={autoComplete}
        defaultValue={defaultValue}
        readOnly={isFixed}
        required
        aria-describedby={hint && `${id}-hint`}
        // biome-ignore lint/a11y/noAutofocus: the page is nothing but this form.
        autoFocus={hasFocus}
      />
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** In place of the form: something is being asked for, has ended or has worked. */
export function DoorNotice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <section className={styles.form} aria-labelledby="door">
        <h1 id="door" className={styles.title}>
          {title}
        </h1>
        {children}
      </section>
    </main>
  );
}
