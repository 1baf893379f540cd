import postgres, { type Sql, type TransactionSql } from 'postgres';
import { retryConflicts } from './retryConflicts.ts';

/**
 * A transaction, done again from its beginning when it lost against another: `work` must bear that. It may run several
 * times, but what it did in the database counts once.
 */
export function transaction<T>(
  sql: Sql,
  work: (tx: TransactionSql) => Promise<T>,
  mode: TransactionMode = '',
): Promise<T> {
  return retryConflicts(() => once(sql, work, mode));
}

/**
 * '': as the database has it, where every statement sees what was committed before it. One that only reads is not waited for once
 * it has been read: how it ends changes nothing, and the answer need not make another trip for it.
 */
export type TransactionMode =
  | ''
  | 'isolation level repeatable read'
  | 'isolation level repeatable read read only';

/**
 * `sql.begin`, for connections that die in the middle. postgres.js 3.4 then sends its `rollback`, or whatever `work`
 * asks next, over the socket it no longer has: an uncaught exception, or bytes kept for the next connection in the
 * same place, which then never gets to say hello. So once a connection is lost, nothing more is sent on it, and
 * nothing is answered to `begin` either: it rejects by itself when the socket has closed.
 */
async function once<T>(
  sql: Sql,
  work: (tx: TransactionSql) => Promise<T>,
  mode: TransactionMode,
): Promise<T> {
  let isLost = false;
  let cause: unknown = null;
  const held: Held<T> = { work, done: null };
  const isRead = mode.endsWith('read only');
  let hasRead: () => void = () => {};
  const reading = new Promise<void>((resolve) => {
    hasRead = resolve;
  });
  const begun = sql.begin(mode, async (tx) => {
    try {
      const value = await held.work?.(silentOnce(tx, () => isLost));
      if (!isLost) {
        held.done = { value: value as T }; // There was work: it is let go of after this.
        if (isRead) hasRead();
        return;
      }
    } catch (error) {
      if (!isLost && !isConnectionLost(error)) throw error;
      cause = error;
    }
    return new Promise<never>(() => {});
  });
  begun.catch(() => {
    isLost = true;
  });
  try {
    await Promise.race([begun, reading]);
    if (held.done === null) throw new Error('transaction: it ended without an answer');
    return held.done.value;
  } catch (error) {
    throw cause ?? error;
  } finally {
    held.work = null;
    held.done = null;
  }
}

/**
 * What to do, and what came of it. The driver remembers the last transaction of every connection, and who first asked each
 * statement: through neither may it hold on to an answer, which may be megabytes that nobody needs any more.
 */
interface Held<T> {
  work: ((tx: TransactionSql) => Promise<T>) | null;
  done: { value: T } | null;
}

/** The transaction, refusing once its connection is gone. */
function silentOnce(tx: TransactionSql, isLost: () => boolean): TransactionSql {
  return new Proxy(tx, {
    apply(target, self, args) {
      if (isLost()) throw Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' });
      return Reflect.apply(target, self, args);
    },
  });
}

/** The server ended the session, or the network the connection; any other error leaves both as they were. */
function isConnectionLost(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity !== 'ERROR';
  if (!(error instanceof Error)) return false;
  const { code, syscall }: { code?: unknown; syscall?: unknown } = error as NodeJS.ErrnoException; // checked below
  return (
    syscall === 'read' || syscall === 'write' || (typeof code === 'string' && code.startsWith('CONNECTION_'))
  );
}
