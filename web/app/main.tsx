import '@fontsource-variable/inter/wght.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BOARDS } from '../../shared/contract/boards.ts';
import { createClock } from '../live/clock.ts';
import { createConnection } from '../live/connection.ts';
import { watchTrouble } from '../live/status.ts';
import { createStore } from '../live/store.ts';
import { socketIoWire } from '../live/wire.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { hurryWhenBack } from './hurryWhenBack.ts';
import { i18n } from './i18n.ts';
import { reloadOnce } from './reloadOnce.ts';
import { createSessions } from './session.ts';
import { applyTheme } from './theme.ts';

/** Where the page was served from: the server's BASE_PATH, with a slash at its end. */
const base = new URL('.', document.baseURI);

applyTheme();
document.documentElement.lang = i18n.language;
document.documentElement.dir = i18n.dir();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');

/** Typed with a remote control: a path, with or without a slash behind it. */
const isScreen = location.pathname.replace(/\/$/, '') === new URL('tv', base).pathname;
if (isScreen) void startScreen(root);
else startApp(root);

function startApp(at: HTMLElement): void {
  const sessions = createSessions(base);
  const store = createStore();
  const clock = createClock();
  const connection = createConnection({
    openWire: socketIoWire(base),
    store,
    clock,
    scope: BOARDS.wall,
    token: sessions.token,
    onOutdated: reloadOnce,
    // Away from the server it is renewed as soon as that is back.
    onAccessChanged: () => void sessions.token(true).catch(() => {}),
  });
  sessions.onToken(connection.present);
  hurryWhenBack(connection);
  void sessions.restore();
  createRoot(at).render(
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
}

/** A part that could not be loaded is asked for again: nobody stands before a screen to press reload. */
async function startScreen(at: HTMLElement): Promise<void> {
  try {
    const { startScreen } = await import('../screen/startScreen.tsx');
    startScreen(base, at);
  } catch {
    setTimeout(() => location.reload(), 10_000);
  }
}
