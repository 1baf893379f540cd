import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { KEY_SCOPES, type KeyScope } from '../../shared/contract/permissions.ts';
import own from './Access.module.css';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';

interface Wish {
  name: string;
  scopes: KeyScope[];
}

/** Whom the key is for, and what it may do. */
export function NewKey({ make }: { make(wish: Wish): Promise<void> }) {
  const { t } = useTranslation();
  const { problem, attempt } = useAttempt();

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const wish = {
      name: String(fields.get('name')).trim(),
      scopes: KEY_SCOPES.filter((scope) => fields.has(scope)),
    };
    if (await attempt(() => make(wish))) form.reset();
  };

  return (
    <section className={styles.group}>
      <h2>{t('settings.keys.new')}</h2>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          <span>{t('settings.keys.name')}</span>
          <input name="name" autoComplete="off" maxLength={100} required />
        </label>
        <fieldset className={own.scopes}>
          <legend>{t('settings.keys.scopes')}</legend>
          {KEY_SCOPES.map((scope) => (
            <label key={scope} className={own.scope}>
              <input type="checkbox" name={scope} defaultChecked={scope === 'events:write'} />
              <span>{t(`settings.keys.scope.${scope.replace(':', '_')}`)}</span>
            </label>
          ))}
        </fieldset>
        <p className={own.hint}>{t('settings.keys.demoHint')}</p>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button type="submit" className={styles.button} data-kind="main">
          {t('settings.keys.make')}
        </button>
      </form>
    </section>
  );
}
