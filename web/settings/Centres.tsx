import { useTranslation } from 'react-i18next';
import type { PlatformTenant } from '../../shared/contract/platform.ts';
import { formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { DeleteCentre } from './DeleteCentre.tsx';
import { NewCentre } from './NewCentre.tsx';
import { Notice } from './Notice.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useList } from './useList.ts';

/** The call centres of this installation, for whoever runs it: made, renamed, deleted. */
export function Centres({ api, onChanged }: { api: RestApi; onChanged(): void }) {
  const { t } = useTranslation();
  const list = useList<PlatformTenant>(api, '');
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const rename = async (id: string, name: string): Promise<void> => {
    const renamed = await api.change<PlatformTenant>(`/${id}`, { name });
    list.set((rows) => rows.map((row) => (row.id === id ? renamed : row)));
    onChanged();
  };
  const remove = async (id: string, name: string): Promise<void> => {
    await api.tell(`/${id}/deletion`, { name });
    list.set((rows) => rows.filter((row) => row.id !== id));
    onChanged();
  };
  const make = async (wish: { name: string; timeZone: string }): Promise<void> => {
    const made = await api.add<PlatformTenant>('', wish);
    list.set((rows) => [...rows, made].sort((a, b) => a.name.localeCompare(b.name)));
    onChanged();
  };

  return (
    <div className={own.pair}>
      <section className={styles.group}>
        <h2>{t('settings.centres.title')}</h2>
        <p className={styles.lead}>{t('settings.centres.lead')}</p>
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
              {!centre.isCurrent && (
                <DeleteCentre name={centre.name} remove={(name) => remove(centre.id, name)} />
              )}
            </li>
          ))}
        </ul>
      </section>
      <NewCentre make={make} />
    </div>
  );
}

function factsOf(
  { isCurrent, people, createdAt, lastEventAt }: PlatformTenant,
  t: ReturnType<typeof useTranslation>['t'],
): string[] {
  return [
    ...(isCurrent ? [t('settings.centres.here')] : []),
    t('settings.centres.people', { count: people }),
    t('settings.centres.made', { time: formatDateTime(Date.parse(createdAt)) }),
    lastEventAt === null
      ? t('settings.centres.unheard')
      : t('settings.centres.heard', { time: formatDateTime(Date.parse(lastEventAt)) }),
  ];
}
