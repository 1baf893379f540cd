import { useTranslation } from 'react-i18next';
import type { FirstAdministrator } from '../../shared/contract/platform.ts';

/** Whom to invite as the first administrator of a call centre; `administratorOf` reads what was typed. */
export function AdministratorFields({ former }: { former?: FirstAdministrator | null }) {
  const { t } = useTranslation();
  return (
    <>
      <label>
        <span>{t('settings.centres.administratorName')}</span>
        <input
          name="administratorName"
          autoComplete="off"
          maxLength={100}
          defaultValue={former?.name}
          required
        />
      </label>
      <label>
        <span>{t('settings.centres.administratorEmail')}</span>
        <input
          name="administratorEmail"
          type="email"
          autoComplete="off"
          defaultValue={former?.email}
          required
        />
      </label>
    </>
  );
}

export function administratorOf(fields: FormData): FirstAdministrator {
  return {
    name: String(fields.get('administratorName')).trim(),
    email: String(fields.get('administratorEmail')).trim(),
  };
}
