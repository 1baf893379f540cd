import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey, CreatedApiKey } from '../../shared/contract/rest.ts';
import { formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { NewKey } from './NewKey.tsx';
import { Notice } from './Notice.tsx';
import styles from './Settings.module.css';
import { ShownOnce } from './ShownOnce.tsx';
import { useAttempt } from './useAttempt.ts';
import { useList } from './useList.ts';

/** What telephone systems and programs come in with. A key is shown once, when it is made. */
export function Keys({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const list = useList<ApiKey>(api, '');
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const { problem, attempt } = useAttempt();
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const show = (key: CreatedApiKey): void => {
    setMade(key);
    list.again();
  };
  const rotate = (id: string): Promise<boolean> =>
    attempt(async () => show(await api.add<CreatedApiKey>(`/${id}/rotation`, {})));
  const revoke = (id: string): Promise<boolean> =>
    attempt(async () => {
      await api.remove(`/${id}`);
      list.set((rows) => rows.filter((row) => row.id !== id));
    });

  return (
    <div className={own.pair}>
      <section className={styles.group}>
        <h2>{t('settings.keys.title')}</h2>
        {made && (
          <ShownOnce
            label={t('settings.keys.made', { name: made.name })}
            value={made.key}
            hint={t('settings.keys.madeHint')}
          />
        )}
        {list.rows.length === 0 && <p className={styles.lead}>{t('settings.keys.empty')}</p>}
        <ul className={own.rows}>
          {list.rows.map((key) => (
            <Key key={key.id} of={key} rotate={() => rotate(key.id)} revoke={() => revoke(key.id)} />
          ))}
        </ul>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      </section>
      <NewKey make={async (wish) => show(await api.add<CreatedApiKey>('', wish))} />
    </div>
  );
}

function Key({ of, rotate, revoke }: { of: ApiKey; rotate(): Promise<boolean>; revoke(): Promise<boolean> }) {
  const { t } = useTranslation();
  const { name, prefix, scopes, lastUsedAt, expiresAt } = of;
  const facts = [
    `${prefix}…`,
    ...scopes.map((scope) => t(`settings.keys.scope.${scope.replace(':', '_')}`)),
    lastUsedAt === null
      ? t('settings.keys.neverUsed')
      : t('settings.keys.used', { time: formatDateTime(Date.parse(lastUsedAt)) }),
    ...(expiresAt === null ? [] : [t('settings.keys.ends', { time: formatDateTime(Date.parse(expiresAt)) })]),
  ];
  return (
    <li className={own.row}>
      <div>
        <p className={own.rowName}>{name}</p>
        <p className={own.hint}>{facts.join(' · ')}</p>
      </div>
      <div className={styles.asked}>
        {expiresAt === null && (
          <button
            type="button"
            className={styles.button}
            aria-label={t('settings.keys.replaceNamed', { name })}
            title={t('settings.keys.replaceHint')}
            onClick={() => void rotate()}
          >
            {t('settings.keys.replace')}
          </button>
        )}
        <button
          type="button"
          className={styles.button}
          aria-label={t('settings.keys.revokeNamed', { name })}
          onClick={() => void revoke()}
        >
          {t('settings.keys.revoke')}
        </button>
      </div>
    </li>
  );
}
