import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import postgres from 'postgres';

/** The same facts in a DuckDB that scans them, in a file of its own: the baseline. Durations in ms, instants in epoch ms. */
export interface Duck {
  ask(question: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;

export interface Shape {
  from: string;
  columns: Record<string, [said: string, type: string]>;
}

/** By the table's name in DuckDB. */
export type Shapes = Record<string, Shape>;

/** Of each table of facts what any question needs, as PostgreSQL says it and as DuckDB holds it. */
export const FACTS: Shapes = {
  visits: {
    from: 'queue_visits order by entered_at',
    columns: {
      entered_at: [MS('entered_at'), 'bigint'],
      call_id: ['call_id', 'varchar'],
      queue_id: ['queue_id', 'varchar'],
      outcome: ['outcome', 'varchar'],
      wait_ms: ['wait_ms', 'bigint'],
      talk_ms: ['talk_ms', 'bigint'],
      hold_ms: ['hold_ms', 'bigint'],
      wrap_up_ms: ['wrap_up_ms', 'bigint'],
      is_transferred: ['is_transferred', 'boolean'],
      is_completed: ['is_completed', 'boolean'],
      earlier: ['earlier_queues[1]', 'varchar'],
    },
  },
  legs: {
    from: 'agent_metrics order by counted_at',
    columns: {
      counted_at: [MS('counted_at'), 'bigint'],
      call_id: ['call_id', 'varchar'],
      queue: ['queue_id', 'varchar'],
      identity: ['identity', 'varchar'],
      kind: ['kind', 'varchar'],
      wait_ms: ['wait_ms', 'bigint'],
      talk_ms: ['talk_ms', 'bigint'],
      hold_ms: ['hold_ms', 'bigint'],
      wrap_up_ms: ['wrap_up_ms', 'bigint'],
      is_transferred: ['is_transferred', 'boolean'],
    },
  },
  pieces: {
    from: 'agent_intervals order by started_at',
    columns: {
      started_at: [MS('started_at'), 'bigint'],
      ms: [`${MS('ended_at')} - ${MS('started_at')}`, 'bigint'],
      identity: ['identity', 'varchar'],
      state: ['state', 'varchar'],
      queues: ["'[' || array_to_string(queues, ', ') || ']'", 'varchar[]'],
    },
  },
};

/** `url` is the database owner's. The copy is deleted when it is closed, unless it is to be `keptIn` a file. */
export async function duckOf(url: string, shapes: Shapes, keptIn?: string): Promise<Duck> {
  if (keptIn !== undefined && existsSync(keptIn)) return open(keptIn);
  const folder = await mkdtemp(join(tmpdir(), 'callboard-duck-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const file = keptIn === undefined ? join(folder, 'facts.duckdb') : `${keptIn}.made`;
    await rm(file, { force: true });
    const made = await open(file);
    for (const [table, shape] of Object.entries(shapes))
      await copy(url, { table, ...shape }, { into: made, folder });
    await made.ask('checkpoint');
    if (keptIn === undefined)
      return {
        ...made,
        async close() {
          await made.close();
          await remove();
        },
      };
    await made.close();
    await remove();
    await rename(file, keptIn);
    return open(keptIn);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function open(file: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  return {
    ask: async (question) => (await connection.runAndReadAll(question)).getRowObjectsJS(),
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function copy(
  url: string,
  { table, from, columns }: Shape & { table: string },
  { into, folder }: { into: Duck; folder: string },
): Promise<void> {
  const file = join(folder, `${table}.csv`);
  const said = Object.values(columns).map(([expression]) => expression);
  // A connection for each: after a copy that was held up now and then the driver leaves it paused.
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const copying = sql.unsafe(`copy (select ${said.join(', ')} from ${from}) to stdout (format csv)`);
    await pipeline(await copying.readable(), createWriteStream(file));
  } finally {
    await sql.end({ timeout: 0 });
  }
  const types = Object.entries(columns).map(([name, [, type]]) => `'${name}': '${type}'`);
  await into.ask(
    `create table ${table} as from read_csv('${file}', header = false, auto_detect = false, columns = {${types.join(', ')}})`,
  );
  await rm(file);
}
