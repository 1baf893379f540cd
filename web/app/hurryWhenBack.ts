import type { Connection } from '../live/connection.ts';

/** A network that is back, or a page that is looked at again, is a reason not to wait any longer. */
export function hurryWhenBack(connection: Pick<Connection, 'hurry'>): void {
  addEventListener('online', connection.hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.hurry();
  });
}
