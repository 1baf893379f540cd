import type { Database } from '../db/connect.ts';
import { rebuildRollUps } from '../history/rollUps/rebuildRollUps.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { createProgress } from './progress.ts';

/** Steps of the bar. */
const WHOLE = 1_000;

/** Counts the figures of one tenant anew, with a bar; false where it was stopped: the rest stays marked. */
export async function rebuild(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  { signal, stream }: { signal: AbortSignal; stream: NodeJS.WriteStream },
): Promise<boolean> {
  const progress = createProgress(stream, WHOLE);
  try {
    const { settings } = await loadSettings(db, tenantId);
    const { done } = await rebuildRollUps(db, tenantId, {
      settings,
      now: Date.now,
      onProgress: (part) => progress.show(part * WHOLE, 'counting'),
      isOver: () => signal.aborted,
    });
    return done;
  } finally {
    progress.end();
  }
}
