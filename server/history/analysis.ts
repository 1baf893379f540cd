import type { Database } from '../db/connect.ts';

/**
 * Has PostgreSQL look at the tables of history again whenever so much was written that plans made before may be wrong: it looks
 * by itself, but a minute later, and an import writes more in a minute than there was.
 */
export interface Analysis {
  /** So many rows were written; whoever writes waits while the tables are looked at, which takes some tens of ms. */
  wrote(rows: number): Promise<void>;
}

const FIRST_ROWS = 5_000;
/** Rows after which plans do not change any more by themselves; from there on PostgreSQL's own pace will do. */
const LAST_ROWS = 2_000_000;

export function createAnalysis(db: Pick<Database, 'sql'>): Analysis {
  let written = 0;
  let dueAt = FIRST_ROWS;
  return {
    async wrote(rows) {
      written += rows;
      if (written < dueAt || dueAt > LAST_ROWS) return;
      dueAt = written * 3;
      await db.sql`select analyze_history()`;
    },
  };
}
