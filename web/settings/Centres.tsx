import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { INVITATION_PAGE } from '../../shared/contract/links.ts';
import type { MadeInvitation } from '../../shared/contract/people.ts';
import type {
  FirstAdministrator,
  MadeTenant,
  NewTenantRequest,
  PlatformTenant,
} from '../../shared/contract/platform.ts';
import { formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { DeleteCentre } from './DeleteCentre.tsx';
import { InviteAdministrator } from './InviteAdministrator.tsx';
import { LinkShown } from './LinkShown.tsx';
import { NewCentre } from './NewCentre.tsx';
import { Notice } from './Notice.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useList } from './useList.ts';

interface CentresProps {
  api: RestApi;
  /** Where the server is, for links. */
  base: URL;
  onChanged(): void;
}

/** The call centres of this installation, for whoever runs it: made, renamed, deleted. */
export function Centres({ api, base, onChanged }: CentresProps) {
  const { t } = useTranslation();
  const list = useList<PlatformTenant>(api, '');
  const [made, setMade] = useState<{ of: string; invitation: MadeInvitation } | null>(null);
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const rename = async (id: string, name: string): Promise<void> => {
    const renamed = await api.change<PlatformTenant>(`/${id}`, { name });
    list.set((rows) => rows.map((row) => (row.id === id ? renamed : row)));
    onChanged();
  };
  const remove = async (id: string, name: string): Promise<void> => {
    await api.tell(`/${id}/deletion`, { name });
    if (made?.of === id) setMade(null);
    list.set((rows) => rows.filter((row) => row.id !== id));
    onChanged();
  };
  const make = async (wish: NewTenantRequest): Promise<void> => {
    const { invitation, ...centre } = await api.add<MadeTenant>('', wish);
    setMade(invitation && { of: centre.id, invitation });
    list.set((rows) => [...rows, centre].sort((a, b) => a.name.localeCompare(b.name)));
    onChanged();
  };
  const invite = async (id: string, administrator: FirstAdministrator): Promise<void> => {
    setMade({ of: id, invitation: await api.add<MadeInvitation>(`/${id}/invitation`, administrator) });
    list.again();
  };

  return (
    <div className={own.pair}>
      <section className={styles.group}>
        <h2>{t('settings.centres.title')}</h2>
        <p className={styles.lead}>{t('settings.centres.lead')}</p>
        {made && (
          <LinkShown
            made={made.invitation}
            page={INVITATION_PAGE}
            base={base}
            name={made.invitation.name}
            email={made.invitation.email}
          />
        )}
        <ul className={own.rows}>
          {list.rows.map((centre) => (
            <li key={centre.id} className={own.row}>
              <SavedField
                isLabelHidden
                label={t('settings.centres.name', { name: centre.name })}
                value={centre.name}
                hint={factsOf(centre, t).join(' · ')}
                save={(name) => rename(centre.id, name.trim())}
              />
              <div className={own.actions}>
                {!centre.hasAdministrator && (
                  <InviteAdministrator
                    name={centre.name}
                    former={centre.invited}
                    invite={(administrator) => invite(centre.id, administrator)}
                  />
                )}
                {!centre.isCurrent && (
                  <DeleteCentre name={centre.name} remove={(name) => remove(centre.id, name)} />
                )}
              </div>
            </li>
          ))}
        </ul>
      </section>
      <NewCentre make={make} />
    </div>
  );
}

function factsOf(
  { isCurrent, people, invited, createdAt, lastEventAt }: PlatformTenant,
  t: ReturnType<typeof useTranslation>['t'],
): string[] {
  return [
    ...(isCurrent ? [t('settings.centres.here')] : []),
    t('settings.centres.people', { count: people }),
    ...(invited === null
      ? []
      : [
          t(invited.isExpired ? 'settings.centres.expired' : 'settings.centres.invited', {
            email: invited.email,
            time: formatDateTime(Date.parse(invited.expiresAt)),
          }),
        ]),
    t('settings.centres.made', { time: formatDateTime(Date.parse(createdAt)) }),
    lastEventAt === null
      ? t('settings.centres.unheard')
      : t('settings.centres.heard', { time: formatDateTime(Date.parse(lastEventAt)) }),
  ];
}
