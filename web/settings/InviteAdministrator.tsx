import { useTranslation } from 'react-i18next';
import type { FirstAdministrator } from '../../shared/contract/platform.ts';
import own from './Access.module.css';
import { AdministratorFields, administratorOf } from './AdministratorFields.tsx';
import { AskedForm } from './AskedForm.tsx';

interface InviteAdministratorProps {
  /** Of the call centre. */
  name: string;
  /** Who was invited before: the same person once more, unless another is named. */
  former: FirstAdministrator | null;
  invite(administrator: FirstAdministrator): Promise<void>;
}

/** Another link for a call centre nobody has come into yet. */
export function InviteAdministrator({ name, former, invite }: InviteAdministratorProps) {
  const { t } = useTranslation();
  return (
    <AskedForm
      act={t('settings.centres.invite')}
      named={t('settings.centres.inviteNamed', { name })}
      send={t('settings.centres.invite')}
      keep={t('settings.centres.cancel')}
      kind="main"
      onSend={(fields) => invite(administratorOf(fields))}
    >
      <AdministratorFields former={former} />
      {former && <p className={own.hint}>{t('settings.centres.inviteHint')}</p>}
    </AskedForm>
  );
}
