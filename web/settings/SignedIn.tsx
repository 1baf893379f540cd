import { useTranslation } from 'react-i18next';
import type { OwnSession } from '../../shared/contract/rest.ts';
import { formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import { pathOf, type RestApi } from './api.ts';
import { browserOf } from './browserOf.ts';
import { Notice } from './Notice.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useList } from './useList.ts';

/** Every browser that is signed in to this account, the last used first; each can be signed out from here. */
export function SignedIn({ api, onSignedOut }: { api: RestApi; onSignedOut(): void }) {
  const { t } = useTranslation();
  const list = useList<OwnSession>(api, '/sessions');
  const { problem, attempt } = useAttempt();
  if (list.rows === null) return <Notice hasFailed={list.hasFailed} again={list.more} />;

  const end = (id: string): Promise<boolean> =>
    attempt(async () => {
      await api.remove(pathOf('sessions', id));
      list.set((rows) => rows.filter((row) => row.id !== id));
    });
  const endAll = (): Promise<boolean> =>
    attempt(async () => {
      await api.remove('/sessions');
      onSignedOut();
    });

  return (
    <section className={styles.group}>
      <h2>{t('settings.sessions.title')}</h2>
      <ul className={own.rows}>
        {list.rows.map((session) => (
          <Session key={session.id} session={session} end={() => end(session.id)} />
        ))}
      </ul>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <button type="button" className={styles.button} onClick={() => void endAll()}>
        {t('settings.sessions.endAll')}
      </button>
    </section>
  );
}

function Session({ session, end }: { session: OwnSession; end(): Promise<boolean> }) {
  const { t } = useTranslation();
  const { browser, system } = browserOf(session.userAgent);
  const name =
    browser === null
      ? session.userAgent || t('settings.sessions.unknown')
      : system === null
        ? browser
        : t('settings.sessions.browser', { browser, system });
  return (
    <li className={own.row}>
      <div>
        <p className={own.rowName}>{name}</p>
        <p className={own.hint}>
          {session.isCurrent
            ? t('settings.sessions.here', { address: session.address })
            : t('settings.sessions.used', {
                address: session.address,
                time: formatDateTime(Date.parse(session.lastUsedAt)),
              })}
        </p>
      </div>
      {!session.isCurrent && (
        <button
          type="button"
          className={styles.button}
          aria-label={t('settings.sessions.endNamed', { name })}
          onClick={() => void end()}
        >
          {t('settings.sessions.end')}
        </button>
      )}
    </li>
  );
}
