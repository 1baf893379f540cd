import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Screen, ScreenChange, ScreenChoices } from '../../shared/contract/screens.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { Notice } from './Notice.tsx';
import { PairScreen } from './PairScreen.tsx';
import { ScreenRow } from './ScreenRow.tsx';
import styles from './Settings.module.css';
import { useEvery } from './useEvery.ts';
import { useList } from './useList.ts';

const REFRESH_MS = 4_000;

/** The displays on the walls: how they are, what they show, and how one more is connected. */
export function Screens({ api, place }: { api: RestApi; place: string }) {
  const { t } = useTranslation();
  const list = useList<Screen>(api, '');
  const choices = useChoices(api);
  useEvery(REFRESH_MS, list.again);
  if (list.rows === null || choices === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const change = async (id: string, wish: ScreenChange): Promise<void> => {
    await api.change(`/${id}`, wish);
    list.set((rows) => rows.map((row) => (row.id === id ? { ...row, ...wish } : row)));
  };
  const revoke = async (id: string): Promise<void> => {
    await api.remove(`/${id}`);
    list.set((rows) => rows.filter((row) => row.id !== id));
  };

  return (
    <div className={own.wide}>
      <section className={styles.group}>
        <h2>{t('settings.screens.title')}</h2>
        {list.rows.length === 0 && <p className={styles.lead}>{t('settings.screens.empty', { place })}</p>}
        <ul className={own.rows}>
          {list.rows.map((screen) => (
            <ScreenRow
              key={screen.id}
              screen={screen}
              choices={choices}
              change={(wish) => change(screen.id, wish)}
              tell={(command) => api.tell(`/${screen.id}/${command}`)}
              revoke={() => revoke(screen.id)}
            />
          ))}
        </ul>
        {list.hasFailed && <Notice hasFailed again={list.again} />}
      </section>
      <PairScreen
        choices={choices}
        place={place}
        pair={async (wish) => {
          await api.add('', wish);
          list.again();
        }}
      />
    </div>
  );
}

/** What may be shown; null until it is known. Asked for again with the list, where it could not be had. */
function useChoices(api: RestApi): ScreenChoices | null {
  const [choices, setChoices] = useState<ScreenChoices | null>(null);
  const load = useCallback(() => {
    api.read<ScreenChoices>('/choices').then(
      ({ data }) => setChoices(data),
      () => {}, // The list says that the server does not answer.
    );
  }, [api]);
  useEffect(load, [load]);
  useEvery(REFRESH_MS, () => {
    if (choices === null) load();
  });
  return choices;
}
