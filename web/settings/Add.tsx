import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from './reasonOf.ts';
import styles from './Settings.module.css';

/** One more of something, by its name; says why where it cannot be. */
export function Add({ label, add }: { label: string; add(name: string): Promise<void> }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      await add(name.trim());
      setName('');
    } catch (error) {
      setProblem(reasonOf(error) ?? t('settings.unreachable'));
    }
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
