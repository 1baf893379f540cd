import { type SubmitEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import own from './Access.module.css';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

/** A name and a zone, at first that of this browser. */
export function NewCentre({ make }: { make(wish: { name: string; timeZone: string }): Promise<void> }) {
  const { t } = useTranslation();
  const zones = useId();
  const { problem, attempt } = useAttempt();
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const wish = {
      name: String(fields.get('name')).trim(),
      timeZone: String(fields.get('timeZone')).trim(),
    };
    if (await attempt(() => make(wish))) form.reset();
  };
  return (
    <section className={styles.group}>
      <h2>{t('settings.centres.new')}</h2>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          <span>{t('settings.centres.newName')}</span>
          <input name="name" autoComplete="off" maxLength={100} required />
        </label>
        <label>
          <span>{t('settings.centres.timeZone')}</span>
          <input
            name="timeZone"
            autoComplete="off"
            list={zones}
            defaultValue={new Intl.DateTimeFormat().resolvedOptions().timeZone}
            onFocus={(event) => event.target.select()}
            required
          />
        </label>
        <datalist id={zones}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <p className={own.hint}>{t('settings.centres.newLead')}</p>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button type="submit" className={styles.button} data-kind="main">
          {t('settings.centres.make')}
        </button>
      </form>
    </section>
  );
}
