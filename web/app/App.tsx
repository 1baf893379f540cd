import { lazy, Suspense, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { personMay } from '../../shared/contract/permissions.ts';
import { Board } from '../board/Board.tsx';
import { ExplainedContext } from '../board/Explained.tsx';
import type { ServerClock } from '../live/clock.ts';
import type { Connection } from '../live/connection.ts';
import { LiveContext } from '../live/hooks.ts';
import type { watchTrouble } from '../live/status.ts';
import type { LiveStore } from '../live/store.ts';
import styles from './App.module.css';
import { addressNow, useAddress } from './address.ts';
import { DocumentTitle } from './DocumentTitle.tsx';
import { Header } from './Header.tsx';
import { SignIn } from './SignIn.tsx';
import type { Sessions } from './session.ts';

const Settings = lazy(() =>
  import('../settings/Settings.tsx').then(({ Settings }) => ({ default: Settings })),
);

const loadDesk = () => import('../desk/Desk.tsx');
const Desk = lazy(() => loadDesk().then(({ Desk }) => ({ default: Desk })));
const DESK_PAGE = /^(?:overview|performance|calls|legs|quality|sources|proof|rules)(?:[/?]|$)/;
// Its code comes while the session is asked for, and not after.
if (DESK_PAGE.test(addressNow())) void loadDesk();

const LinkPage = lazy(() => import('./LinkPage.tsx').then(({ LinkPage }) => ({ default: LinkPage })));
const LINK_PAGE = /^(?:invitation|password)(?:\/|$)/;
const Setup = lazy(() => import('../setup/Setup.tsx').then(({ Setup }) => ({ default: Setup })));

export interface AppProps {
  /** Where the server is. */
  base: URL;
  sessions: Sessions;
  store: LiveStore;
  clock: ServerClock;
  connection: Connection;
  trouble: ReturnType<typeof watchTrouble>;
}

const NOBODYS = { id: null, timeZone: 'UTC', weekStart: 1, dayStartMinutes: 0 };

/**
 * Whoever is signed in sees the wall, the past at the addresses of `DESK_PAGE`, or the settings at `#/settings`; anybody else
 * the door. Links lead where they lead; `#/setup` is the first run.
 */
export function App({ base, sessions, store, clock, connection, trouble }: AppProps) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(sessions.subscribe, sessions.state);
  const address = useAddress();
  const {
    id: tenantId,
    timeZone,
    weekStart,
    dayStartMinutes,
  } = state.name === 'signedIn' ? state.session.tenant : NOBODYS;
  const live = useMemo(() => ({ store, clock, trouble, timeZone }), [store, clock, trouble, timeZone]);

  const calendar = useMemo(
    () => ({ timeZone, weekStart, dayStartMinutes }),
    [timeZone, weekStart, dayStartMinutes],
  );

  // Before anything is painted: the figures of one call centre never stand under the name of another.
  useLayoutEffect(() => {
    if (tenantId === null) return;
    connection.start();
    return () => {
      connection.stop();
      store.clear();
    };
  }, [tenantId, connection, store]);

  const [page, argument = ''] = address.split('/');
  if (page === 'setup') {
    return (
      <Suspense>
        <Setup base={base} sessions={sessions} setupToken={argument} />
      </Suspense>
    );
  }

  if (LINK_PAGE.test(address)) {
    return (
      <Suspense>
        <LinkPage key={address} base={base} address={address} accept={sessions.accept} />
      </Suspense>
    );
  }
  if (state.name === 'unknown') {
    return (
      <main className={styles.blank}>
        {state.isUnreachable && <p role="status">{t('app.unreachable')}</p>}
      </main>
    );
  }
  if (state.name === 'signedOut') {
    return <SignIn base={base} signIn={sessions.signIn} ssoRefusal={page === 'sso' ? argument : null} />;
  }
  const { tenant, tenants, account } = state.session;
  if (address.startsWith('settings')) {
    return (
      <Suspense>
        <Settings
          key={tenant.id}
          base={base}
          token={sessions.token}
          section={address.split(/[/?]/)[1] ?? ''}
          timeZone={timeZone}
          may={(permission) => personMay(account, permission)}
        />
      </Suspense>
    );
  }
  if (DESK_PAGE.test(address) && personMay(account, 'analytics:read')) {
    return (
      <Suspense>
        <Desk
          key={tenant.id}
          base={base}
          held={sessions.held}
          token={sessions.token}
          address={address}
          calendar={calendar}
          now={clock.now}
          tenant={tenant.name}
          sectors={account.sectors?.map(({ name }) => name) ?? null}
          may={(permission) => personMay(account, permission)}
        />
      </Suspense>
    );
  }
  return (
    <LiveContext value={live}>
      <DocumentTitle tenant={tenant.name} />
      <div className={styles.wall} key={tenant.id}>
        <Header
          tenant={tenant}
          tenants={tenants}
          sectors={account.sectors?.map(({ name }) => name) ?? null}
          mayLookBack={personMay(account, 'analytics:read')}
          switchTo={sessions.switchTo}
          signOut={sessions.signOut}
        />
        <ExplainedContext value={personMay(account, 'analytics:read')}>
          <Board of="wall" />
        </ExplainedContext>
      </div>
    </LiveContext>
  );
}
