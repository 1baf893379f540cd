import {
  type Column,
  getTableColumns,
  getTableName,
  type InferInsertModel,
  type InferSelectModel,
  type Table,
} from 'drizzle-orm';
import type { TransactionSql } from 'postgres';

/**
 * A row of facts or of a roll-up as it leaves and enters the database, in the field names of its schema: instants in epoch
 * ms, counts as numbers; the tenant left out, and what the database makes itself.
 */
export type Stored<T extends Table> = {
  [K in Exclude<keyof InferSelectModel<T> & keyof InferInsertModel<T>, 'tenantId'>]: Held<
    InferSelectModel<T>[K]
  >;
};

type Held<V> =
  Exclude<V, null> extends Date
    ? number | Extract<V, null>
    : V extends readonly string[]
      ? readonly string[]
      : V;

export interface RollUpTable<T extends Table> {
  /** The columns of a `select` from the table under the alias `r`, as {@link Stored} has them. */
  columns: string;
  /** Puts rows in, of whose keys there is none. */
  insert(tx: TransactionSql, tenantId: string, rows: readonly Stored<T>[]): Promise<void>;
  /** Puts rows in, in place of those with their keys. */
  upsert(tx: TransactionSql, tenantId: string, rows: readonly Stored<T>[]): Promise<void>;
}

/** So many rows a statement: beyond, a statement gains no speed, only size. */
const ROWS_PER_STATEMENT = 5_000;

/** Reads and writes whole rows of `table`, many at once; `key` are the fields of its primary key after the tenant. */
export function rollUpTable<T extends Table>(
  table: T,
  key: readonly (keyof Stored<T> & string)[],
): RollUpTable<T> {
  const all = Object.entries(getTableColumns(table)).filter(
    ([field, { generated }]) => field !== 'tenantId' && generated === undefined,
  );
  const names = all.map(([, { name }]) => name);
  const isKey = (field: string) => (key as readonly string[]).includes(field);
  const keys = all.filter(([field]) => isKey(field)).map(([, { name }]) => name);
  const others = all.filter(([field]) => !isKey(field)).map(([, { name }]) => name);
  // One array a column: a third quicker than a document of them all. Arrays of arrays would come out flat: they go as text.
  const sent = all.map(([, column], i) => `$${i + 2}::${sentType(column)}[]`);
  const values = all.map(([, column]) => storedFrom(column));
  const writers = all.map(([field, column]) => [field, writerOf(column)] as const);
  const inserting = `insert into ${getTableName(table)} (tenant_id, ${names.join(', ')})
    select $1, ${values.join(', ')} from unnest(${sent.join(', ')}) as r(${names.join(', ')})`;
  const upserting = `${inserting}
    on conflict (tenant_id, ${keys.join(', ')})
    do update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  const send = async (text: string, tx: TransactionSql, tenantId: string, rows: readonly Stored<T>[]) => {
    for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
      const some = rows.slice(from, from + ROWS_PER_STATEMENT);
      // The fields of a row are the columns of its table.
      const arrays = writers.map(([field, write]) => {
        let items = '';
        for (const row of some) {
          const value: unknown = row[field as keyof Stored<T>];
          items += value === null || value === undefined ? ',null' : `,${write(value)}`;
        }
        return `{${items.slice(1)}}`;
      });
      await tx.unsafe(text, [tenantId, ...arrays]);
    }
  };
  return {
    columns: all.map(([field, column]) => `${readable(column)} as "${field}"`).join(', '),
    insert: (tx, tenantId, rows) => send(inserting, tx, tenantId, rows),
    upsert: (tx, tenantId, rows) => send(upserting, tx, tenantId, rows),
  };
}

const isArray = (column: Column) => column.getSQLType().endsWith('[]');
const isInstant = (column: Column) => column.getSQLType().startsWith('timestamp');

/** Instants go as numbers: to write them out and read them again costs both sides more than all other columns. */
function sentType(column: Column): string {
  if (isInstant(column)) return 'float8';
  return isArray(column) ? 'text' : column.getSQLType();
}

function storedFrom(column: Column): string {
  if (isInstant(column)) return `timestamptz 'epoch' + r.${column.name} * interval '1 millisecond'`;
  return isArray(column) ? `r.${column.name}::text[]` : `r.${column.name}`;
}

/** float8 holds every count and every millisecond there will be, and the driver reads it as a number; not so bigint. */
function readable(column: Column): string {
  const type = column.getSQLType();
  if (type === 'bigint') return `r.${column.name}::float8`;
  if (isInstant(column)) return `(extract(epoch from r.${column.name}) * 1000)::float8`;
  return `r.${column.name}`;
}

/** How a value of the column, which is not null, is written as an item of an array. */
function writerOf(column: Column): (value: unknown) => string {
  // An array column holds texts.
  if (isArray(column)) return (value) => quoted(arrayOf(value as string[]));
  const type = column.getSQLType();
  if (type === 'bytea') return (value) => `"\\\\x${hexOf(value as Uint8Array)}"`;
  if (type === 'jsonb') return (value) => quoted(JSON.stringify(value));
  if (type === 'text') return (value) => quoted(value as string);
  return String;
}

const hexOf = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

const quoted = (text: string) => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;

/** Texts as an array that PostgreSQL reads. */
export function arrayOf(items: readonly string[]): string {
  return `{${items.map(quoted).join(',')}}`;
}

/** Instants in epoch ms as an array of PostgreSQL's. */
export function instants(at: readonly number[]): string {
  return arrayOf(at.map((ms) => new Date(ms).toISOString()));
}
