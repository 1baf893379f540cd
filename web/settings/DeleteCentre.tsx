import { useTranslation } from 'react-i18next';
import own from './Access.module.css';
import { AskedForm } from './AskedForm.tsx';

/** Deletes a call centre once its name has been typed; the server compares. */
export function DeleteCentre({ name, remove }: { name: string; remove(typed: string): Promise<void> }) {
  const { t } = useTranslation();
  return (
    <AskedForm
      act={t('settings.centres.delete')}
      named={t('settings.centres.deleteNamed', { name })}
      send={t('settings.centres.deleteNamed', { name })}
      keep={t('settings.centres.keep')}
      kind="danger"
      onSend={(fields) => remove(String(fields.get('name')))}
    >
      <label>
        <span className={own.hint}>{t('settings.centres.deleteAsk', { name })}</span>
        <input
          name="name"
          aria-label={t('settings.centres.confirm')}
          autoComplete="off"
          spellCheck={false}
          required
        />
      </label>
    </AskedForm>
  );
}
