import '@fontsource-variable/inter/wght.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClock } from '../live/clock.ts';
import { createConnection } from '../live/connection.ts';
import { watchTrouble } from '../live/status.ts';
import { createStore } from '../live/store.ts';
import { socketIoWire } from '../live/wire.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { i18n } from './i18n.ts';
import { reloadOnce } from './reloadOnce.ts';
import { createSessions } from './session.ts';
import { applyTheme } from './theme.ts';

/** Where the page was served from: the server's BASE_PATH, with a slash at its end. */
const base = new URL('.', document.baseURI);

applyTheme();
document.documentElement.lang = i18n.language;
document.documentElement.dir = i18n.dir();

const sessions = createSessions(base);
const store = createStore();
const clock = createClock();
const connection = createConnection({
  openWire: socketIoWire(base),
  store,
  clock,
  scope: { kinds: ['tenant', 'queue', 'agent', 'call', 'source', 'trend'], windows: ['last30', 'today'] },
  token: sessions.token,
  onOutdated: reloadOnce,
  // Away from the server it is renewed as soon as that is back.
  onAccessChanged: () => void sessions.token(true).catch(() => {}),
});
sessions.onToken(connection.present);
addEventListener('online', connection.hurry);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') connection.hurry();
});
void sessions.restore();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App
        base={base}
        sessions={sessions}
        store={store}
        clock={clock}
        connection={connection}
        trouble={watchTrouble(connection, store)}
      />
    </ErrorBoundary>
  </StrictMode>,
);
