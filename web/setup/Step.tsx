import { type ReactNode, type SubmitEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Setup.module.css';
import type { Problem } from './Setup.tsx';

interface StepFormProps {
  title: string;
  lead?: string;
  problem: Problem | null;
  /** What goes on to the next; the last one finishes. */
  next: string;
  isBusy?: boolean;
  onBack?: () => void;
  onSubmit(fields: FormData): void;
  children: ReactNode;
}

/** What every step is: a question, its fields, on or back. */
export function Step(props: StepFormProps) {
  const { title, lead, problem, next, isBusy = false, onBack, onSubmit, children } = props;
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  // The page is nothing but this form: whoever types goes on typing.
  useEffect(() => {
    const fields = form.current;
    (fields?.querySelector<HTMLInputElement>('input:checked') ?? fields?.querySelector('input'))?.focus();
  }, []);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} aria-labelledby="setup-step">
      <div>
        <h1 id="setup-step" className={styles.title}>
          {title}
        </h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {children}
      <p className={styles.problem} role="alert">
        {problem?.path === '' && problem.message}
      </p>
      <div className={styles.buttons}>
        {onBack && (
          <button type="button" className={styles.button} disabled={isBusy} onClick={onBack}>
            {t('setup.back')}
          </button>
        )}
        <button type="submit" className={styles.main} disabled={isBusy}>
          {next}
        </button>
      </div>
    </form>
  );
}
