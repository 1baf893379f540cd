import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewTenantRequest } from '../../shared/contract/platform.ts';
import own from './Access.module.css';
import { AdministratorFields, administratorOf } from './AdministratorFields.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

/** A name, a zone, at first that of this browser, and who decides in it: whoever makes it, or somebody who is invited to. */
export function NewCentre({ make }: { make(wish: NewTenantRequest): Promise<void> }) {
  const { t } = useTranslation();
  const zones = useId();
  const [isForOther, setForOther] = useState(false);
  const { problem, attempt } = useAttempt();
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const wish = {
      name: String(fields.get('name')).trim(),
      timeZone: String(fields.get('timeZone')).trim(),
      ...(isForOther && { administrator: administratorOf(fields) }),
    };
    if (!(await attempt(() => make(wish)))) return;
    form.reset();
    setForOther(false);
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
        <fieldset className={own.scopes}>
          <legend>{t('settings.centres.administrator')}</legend>
          {[false, true].map((isOther) => (
            <label key={String(isOther)} className={own.scope}>
              <input
                type="radio"
                name="whose"
                checked={isForOther === isOther}
                onChange={() => setForOther(isOther)}
              />
              <span>{t(isOther ? 'settings.centres.other' : 'settings.centres.self')}</span>
            </label>
          ))}
        </fieldset>
        {isForOther && <AdministratorFields />}
        <p className={own.hint}>
          {t(isForOther ? 'settings.centres.otherLead' : 'settings.centres.newLead')}
        </p>
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
