import { useTranslation } from 'react-i18next';
import type { Invitation, PersonOfTenant } from '../../shared/contract/people.ts';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { Invitations } from './Invitations.tsx';
import { Invite } from './Invite.tsx';
import { Notice } from './Notice.tsx';
import { Person } from './Person.tsx';
import styles from './Settings.module.css';
import { useList } from './useList.ts';

interface PeopleProps {
  api: RestApi;
  /** Where the sectors are. */
  settings: RestApi;
  /** Where the server is, for links. */
  base: URL;
  /** Whoever looks at this has changed or removed himself. */
  onSelfChanged(): void;
}

/** Who belongs to the centre, as what and for which sectors; who is invited; and one more. */
export function People({ api, settings, base, onSelfChanged }: PeopleProps) {
  const { t } = useTranslation();
  const list = useList<PersonOfTenant>(api, '');
  const invitations = useList<Invitation>(api, '/invitations');
  const sectors = useList<SectorSetting>(settings, '/sectors');
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const change = async (of: PersonOfTenant, body: object): Promise<void> => {
    const changed = await api.change<PersonOfTenant>(`/${of.id}`, body);
    list.set((rows) => rows.map((row) => (row.id === of.id ? changed : row)));
    // The links that somebody made end with the right to make them.
    if (of.role === 'admin' && changed.role !== 'admin') invitations.again();
    if (of.isSelf) onSelfChanged();
  };
  const remove = async (of: PersonOfTenant): Promise<void> => {
    await api.remove(`/${of.id}`);
    list.set((rows) => rows.filter((row) => row.id !== of.id));
    if (of.role === 'admin') invitations.again();
    if (of.isSelf) onSelfChanged();
  };

  return (
    <div className={own.wide}>
      <section className={styles.group}>
        <h2>{t('settings.people.title')}</h2>
        <ul className={own.rows}>
          {list.rows.map((person) => (
            <Person
              key={person.id}
              api={api}
              base={base}
              of={person}
              sectors={sectors.rows ?? []}
              change={(body) => change(person, body)}
              remove={() => remove(person)}
            />
          ))}
        </ul>
        {list.hasFailed && <Notice hasFailed again={list.more} />}
        {list.hasMore && !list.hasFailed && (
          <button type="button" className={styles.button} onClick={list.more}>
            {t('settings.more')}
          </button>
        )}
      </section>
      <div className={own.stack}>
        <Invite api={api} base={base} sectors={sectors.rows ?? []} onMade={invitations.again} />
        <Invitations api={api} base={base} list={invitations} sectors={sectors.rows ?? []} />
      </div>
    </div>
  );
}
