import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

/** One more of something, by its name; says why where it cannot be. */
export function Add({ label, add }: { label: string; add(name: string): Promise<void> }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const { problem, attempt } = useAttempt();
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (await attempt(() => add(name.trim()))) setName('');
  };
  return (
    <form className={styles.add} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{label}</span>
        <input value={name} autoComplete="off" required onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" className={styles.button} data-kind="main">
        {t('settings.add')}
      </button>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
    </form>
  );
}
