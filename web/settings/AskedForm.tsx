import { type ReactNode, type SubmitEvent, useState } from 'react';
import own from './Access.module.css';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useOpening } from './useOpening.ts';

interface AskedFormProps {
  /** On the button that opens it, which is `named` to those who listen. */
  act: string;
  named: string;
  /** On the button that sends it. */
  send: string;
  keep: string;
  kind: 'main' | 'danger';
  children: ReactNode;
  /** Rejects where it did not work; the form stays. */
  onSend(fields: FormData): Promise<void>;
}

/** A button beside a row that takes something typed first: its form takes the place of the button, a line of its own. */
export function AskedForm({ act, named, send, keep, kind, children, onSend }: AskedFormProps) {
  const { isOpen, open, close, opener, inside } = useOpening();
  const [isBusy, setBusy] = useState(false);
  const { problem, attempt } = useAttempt();

  if (!isOpen) {
    return (
      <button type="button" ref={opener} className={styles.button} aria-label={named} onClick={open}>
        {act}
      </button>
    );
  }
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    const worked = await attempt(() => onSend(fields));
    setBusy(false);
    if (worked) close();
  };
  return (
    <form ref={inside} className={`${styles.form} ${own.whole}`} onSubmit={(event) => void submit(event)}>
      {children}
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <div className={styles.asked}>
        <button type="submit" className={styles.button} data-kind={kind} aria-label={named} disabled={isBusy}>
          {send}
        </button>
        <button type="button" className={styles.button} onClick={close}>
          {keep}
        </button>
      </div>
    </form>
  );
}
