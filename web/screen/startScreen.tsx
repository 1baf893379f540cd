import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BOARDS } from '../../shared/contract/boards.ts';
import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import { hurryWhenBack } from '../app/hurryWhenBack.ts';
import { i18n } from '../app/i18n.ts';
import { reloadOnce } from '../app/reloadOnce.ts';
import { createClock } from '../live/clock.ts';
import { createConnection } from '../live/connection.ts';
import { watchTrouble } from '../live/status.ts';
import { createStore } from '../live/store.ts';
import { socketIoWire } from '../live/wire.ts';
import { createDisplay } from './display.ts';
import en from './en.json' with { type: 'json' };
import { createIdentification } from './identification.ts';
import { createKeepsake } from './keepsake.ts';
import { Screen } from './Screen.tsx';
import { stayAwake } from './stayAwake.ts';

// Whoever looks at the wall from a desk does not wait for words only a screen shows.
i18n.addResourceBundle('en', 'translation', en, true);

/** `/tv`: a display on a wall, which nobody touches again once its code was entered. */
export function startScreen(base: URL, root: HTMLElement): void {
  const display = createDisplay(base, createKeepsake());
  const identification = createIdentification();
  const store = createStore();
  const clock = createClock();
  const connection = createConnection({
    openWire: socketIoWire(base),
    store,
    clock,
    // Whatever is asked for, the server sends what the screen's board needs.
    scope: BOARDS.wall,
    token: display.token,
    onOutdated: reloadOnce,
    onCommand(command) {
      if (command.command === 'show') display.show(command.face);
      else if (command.command === 'identify') identification.show();
      else location.reload();
    },
    hello: (build) => ({ type: 'hello', build, resolution: resolution() }),
  });
  display.onToken(connection.present);
  hurryWhenBack(connection);
  stayAwake();
  display.start();
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <Screen
          base={base}
          display={display}
          identification={identification}
          store={store}
          clock={clock}
          connection={connection}
          trouble={watchTrouble(connection, store)}
        />
      </ErrorBoundary>
    </StrictMode>,
  );
}

/** Of the display itself, in its own pixels. */
function resolution(): string {
  const [width, height] = [screen.width, screen.height].map((px) => Math.round(px * devicePixelRatio));
  return `${width}×${height}`;
}
