import { useTranslation } from 'react-i18next';
import { UNASSIGNED_SECTOR } from '../../shared/contract/settings.ts';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import { Add } from './Add.tsx';
import { pathOf, type RestApi } from './api.ts';
import { Confirmed } from './Confirmed.tsx';
import { Notice } from './Notice.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useList } from './useList.ts';

/** Parts of a centre: queues and agents belong to one. The one for all that belongs to no other cannot be removed. */
export function Sectors({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const list = useList<SectorSetting>(api, '/sectors');
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const rename = async (sectorId: string, name: string): Promise<void> => {
    const changed = await api.change<SectorSetting>(pathOf('sectors', sectorId), { name });
    list.set((rows) => rows.map((row) => (row.sectorId === sectorId ? changed : row)));
  };
  const remove = async (sectorId: string): Promise<void> => {
    await api.remove(pathOf('sectors', sectorId));
    list.set((rows) => rows.filter((row) => row.sectorId !== sectorId));
  };
  const add = async (name: string): Promise<void> => {
    const added = await api.add<SectorSetting>('/sectors', { name });
    list.set((rows) => [...rows, added]);
  };

  return (
    <section className={styles.group}>
      <p className={styles.lead}>{t('settings.sectors.lead')}</p>
      <ul className={styles.sectors}>
        {list.rows.map(({ sectorId, name }) => (
          <li key={sectorId} className={styles.sector}>
            <SavedField
              isLabelHidden
              label={t('settings.sectors.name', { name })}
              value={name}
              save={(text) => rename(sectorId, text.trim())}
            />
            {sectorId !== UNASSIGNED_SECTOR && (
              <Confirmed words="settings.sectors" name={name} act={() => remove(sectorId)} />
            )}
          </li>
        ))}
      </ul>
      <Add label={t('settings.sectors.new')} add={add} />
    </section>
  );
}
