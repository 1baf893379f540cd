import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ServerClock } from '../live/clock.ts';
import type { Connection } from '../live/connection.ts';
import { LiveContext } from '../live/hooks.ts';
import type { watchTrouble } from '../live/status.ts';
import type { LiveStore } from '../live/store.ts';
import type { Display } from './display.ts';
import type { Identification } from './identification.ts';
import { Kiosk } from './Kiosk.tsx';
import { Pairing } from './Pairing.tsx';

export interface ScreenProps {
  /** Where the server is. */
  base: URL;
  display: Display;
  identification: Identification;
  store: LiveStore;
  clock: ServerClock;
  connection: Connection;
  trouble: ReturnType<typeof watchTrouble>;
}

/** The board of the screen that this display is, or the code by which it becomes one. */
export function Screen({ base, display, identification, store, clock, connection, trouble }: ScreenProps) {
  const state = useSyncExternalStore(display.subscribe, display.state);
  const isIdentified = useSyncExternalStore(identification.subscribe, identification.isShown);
  const isPaired = state.name === 'paired';
  const timeZone = isPaired ? state.face.tenant.timeZone : 'UTC';
  const live = useMemo(() => ({ store, clock, trouble, timeZone }), [store, clock, trouble, timeZone]);

  useEffect(() => {
    if (!isPaired) return;
    connection.start();
    return () => {
      connection.stop();
      store.clear();
    };
  }, [isPaired, connection, store]);

  if (state.name !== 'paired') return <Pairing base={base} state={state} />;
  return (
    <LiveContext value={live}>
      <Kiosk face={state.face} isIdentified={isIdentified} />
    </LiveContext>
  );
}
