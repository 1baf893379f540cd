import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { INVITATION_PAGE } from '../../shared/contract/links.ts';
import type { Invitation, MadeInvitation } from '../../shared/contract/people.ts';
import { isHeldToSectors } from '../../shared/contract/permissions.ts';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import { formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { LinkShown } from './LinkShown.tsx';
import { Notice } from './Notice.tsx';
import styles from './Settings.module.css';
import { sectorsText } from './sectorsText.ts';
import { useAttempt } from './useAttempt.ts';
import type { List } from './useList.ts';

interface InvitationsProps {
  api: RestApi;
  base: URL;
  list: List<Invitation>;
  sectors: readonly SectorSetting[];
}

/** Whoever has not come yet. A link is shown once: another is made for whoever has lost it. */
export function Invitations({ api, base, list, sectors }: InvitationsProps) {
  const { t } = useTranslation();
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const { problem, attempt } = useAttempt();

  const renew = (id: string): Promise<boolean> =>
    attempt(async () => {
      setMade(await api.add<MadeInvitation>(`/invitations/${id}/renewal`, {}));
      list.again();
    });
  const revoke = (id: string): Promise<boolean> =>
    attempt(async () => {
      await api.remove(`/invitations/${id}`);
      if (made?.id === id) setMade(null);
      list.set((rows) => rows.filter((row) => row.id !== id));
    });

  return (
    <section className={styles.group}>
      <h2>{t('settings.people.invited')}</h2>
      {made && (
        <LinkShown made={made} page={INVITATION_PAGE} base={base} name={made.name} email={made.email} />
      )}
      {list.rows === null && <Notice hasFailed={list.hasFailed} again={list.more} />}
      {list.rows?.length === 0 && <p className={styles.lead}>{t('settings.people.nobodyInvited')}</p>}
      <ul className={own.rows}>
        {list.rows?.map((of) => {
          const { id, name, email, role, isExpired, expiresAt } = of;
          const time = formatDateTime(Date.parse(expiresAt));
          const facts = [
            email,
            t(`settings.people.role.${role}`),
            ...(isHeldToSectors(role) ? [sectorsText(of.sectors, sectors, t)] : []),
            t(isExpired ? 'settings.people.expired' : 'settings.people.until', { time }),
          ];
          return (
            <li key={id} className={own.person}>
              <div>
                <p className={own.rowName}>{name}</p>
                <p className={own.hint}>{facts.join(' · ')}</p>
              </div>
              <div className={own.actions}>
                <button
                  type="button"
                  className={styles.button}
                  aria-label={t('settings.people.renewNamed', { name })}
                  title={t('settings.people.renewHint')}
                  onClick={() => void renew(id)}
                >
                  {t('settings.people.renew')}
                </button>
                <button
                  type="button"
                  className={styles.button}
                  aria-label={t('settings.people.revokeNamed', { name })}
                  onClick={() => void revoke(id)}
                >
                  {t('settings.people.revoke')}
                </button>
              </div>
            </li>
          );
        })}
      </ul>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
    </section>
  );
}
