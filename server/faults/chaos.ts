import { setTimeout as pause } from 'node:timers/promises';
import type postgres from 'postgres';
import { traffic, withLate } from '../../e2e/testing/traffic.ts';
import type { IngestEvent } from '../../shared/contract/events.ts';
import type { Committed } from '../../shared/contract/logEvent.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { randomFrom } from '../../shared/random.ts';
import { inTenant } from '../db/connect.ts';
import type { TestDatabase } from '../db/testing.ts';
import { appendItems } from '../ingest/append.ts';
import { committedBy } from '../ingest/committed.ts';
import { eventItem } from '../ingest/eventItem.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { localDayOf } from '../log/localDay.ts';
import { type Node, startNode } from './node.ts';
import { expectLossless, expectRecount, readLog } from './recount.ts';
import { openProxy } from './tcpProxy.ts';

/**
 * Everything that may go wrong between a writer and a number, at random and at once: concurrent writers, rolled back
 * and long transactions, the same batch from two clients, killed backends, listeners that die or go half-open, a
 * database that refuses, nodes that end and start again. In the end every number must be what a recount of the table
 * says [L1] [L2] [L3] [L15].
 */
export interface Chaos {
  seed: number;
  /** How many things are broken while events are written. */
  faults: number;
  /** Takes the ends of nodes: the driver waits some seconds for answers of connections that were cut. */
  closing: Promise<void>[];
}

const WRITERS = 4;
const NODES = 2;
const CALLS = 60;
const BATCH = 12;
/** A deadline against waiting for ever, not an expectation. */
const CATCH_UP_MS = 90_000;
const POLICY = {
  callers: { privacy: 'hashed' as const, key: new Uint8Array(32) },
  namespaces: new Map(),
  keptSince: null,
  refusedKinds: new Set<string>(),
};

export async function runChaos(test: TestDatabase, { seed, faults, closing }: Chaos): Promise<void> {
  const random = randomFrom(seed);
  const integer = (below: number): number => Math.floor(random() * below);
  const tenants = [test.tenantId, test.tenantB];
  const now = Date.now();
  const sent = new Map(tenants.map((tenant, at) => [tenant, eventsOf(seed * 2 + at, now)]));
  // Read before anything breaks: afterwards the pool may still hold a connection that was killed.
  const settingsOf = new Map<string, LiveSettings>();
  for (const tenant of tenants) settingsOf.set(tenant, (await loadSettings(test.db, tenant)).settings);

  const { hostname, port } = new URL(test.databaseUrl);
  const cable = await openProxy({ host: hostname, port: Number(port) });
  const nodes: Node[] = [];
  for (let at = 0; at < NODES; at++) nodes.push(await startNode(test.databaseUrl, cable));

  /** Most commits are handed on, to whichever node they were made on: at once or late, when others may have come between. */
  const commit: Commit = async (tenant, batch, how) => {
    const ended = random() < 0.8 ? nodes[integer(NODES)]?.writing(tenant) : undefined;
    const late = random() < 0.2 ? integer(10) : 0;
    let committed: Committed | null = null;
    try {
      committed = await append(test, tenant, batch, how);
    } finally {
      void pause(late).then(() => ended?.(committed));
    }
    return committed !== null;
  };

  const write = async (tenant: string, batches: IngestEvent[][]): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      if (random() < 0.2) await commit(tenant, batch, { rollBack: true });
      if (random() < 0.1) {
        // Two clients with the same batch; at most one stores it.
        await Promise.all([
          untilStored(commit, tenant, batch, integer(20)),
          untilStored(commit, tenant, batch, integer(20)),
        ]);
      } else {
        await untilStored(commit, tenant, batch, random() < 0.1 ? integer(30) : 0);
      }
      await pause(integer(4));
    }
  };

  const breakSomething = async (): Promise<void> => {
    const at = integer(NODES);
    const faultsThereAre: (() => Promise<unknown> | unknown)[] = [
      () => killBackends(test.ownerSql, 'listening'),
      () => killBackends(test.ownerSql, 'any'),
      () => cable.stall(),
      () => cable.sever(),
      async () => {
        cable.refuse();
        await pause(integer(60));
        cable.accept();
      },
      async () => {
        cable.sever();
        closing.push(nodes[at]?.close() ?? Promise.resolve());
        nodes[at] = await startNode(test.databaseUrl, cable);
      },
      () => test.ownerSql`select pg_notify('callboard_events', ${`forged ${integer(9)}`})`.catch(() => {}),
    ];
    await faultsThereAre[integer(faultsThereAre.length)]?.();
  };

  try {
    const queues = tenants.map((tenant) => slicesOf(sent.get(tenant) ?? [], random));
    const writing = tenants.flatMap((tenant, at) =>
      Array.from({ length: WRITERS / tenants.length }, () => write(tenant, queues[at] ?? [])),
    );
    for (let fault = 0; fault < faults; fault++) {
      await pause(integer(40));
      await breakSomething();
    }
    await Promise.all(writing);

    for (const [tenant, settings] of settingsOf) {
      const log = await readLog(test.ownerSql, tenant);
      expectLossless(log, sent.get(tenant) ?? []);
      for (const node of nodes) {
        const answer = await node.answer(tenant, log.length, CATCH_UP_MS);
        const { start } = localDayOf(Date.parse(answer.asOf), settings.timeZone, settings.dayStartMinutes);
        expectRecount(log, answer, settings, start);
      }
    }
  } finally {
    cable.sever();
    closing.push(...nodes.map((node) => node.close()));
    await cable.close();
  }
}

function eventsOf(seed: number, now: number): IngestEvent[] {
  const events = traffic({
    seed,
    calls: CALLS,
    agents: 6,
    queues: 2,
    startMs: now - 1_200_000,
    endMs: now,
  });
  return withLate(events, 0.2, 40, seed);
}

function slicesOf(events: IngestEvent[], random: () => number): IngestEvent[][] {
  const slices: IngestEvent[][] = [];
  for (let at = 0; at < events.length; ) {
    const length = 1 + Math.floor(random() * BATCH);
    slices.push(events.slice(at, at + length));
    at += length;
  }
  return slices;
}

class RolledBack extends Error {}

interface How {
  rollBack?: boolean;
  holdMs?: number;
}

/** True once it is stored; else nobody knows: a connection can die after the commit and before its answer. */
type Commit = (tenant: string, batch: IngestEvent[], how: How) => Promise<boolean>;

/** What was committed, maybe nothing new; null where nobody knows. */
async function append(
  test: TestDatabase,
  tenant: string,
  batch: IngestEvent[],
  how: How,
): Promise<Committed | null> {
  const items = batch.map((event) => String(eventItem(event, POLICY)));
  try {
    const appended = await inTenant(test.db, tenant, async (tx) => {
      const appended = await appendItems(tx, items);
      // A transaction that stays open holds up the tenant's writers, and may be killed while it does.
      if (how.holdMs) await tx`select pg_sleep(${how.holdMs / 1_000})`;
      if (how.rollBack) throw new RolledBack();
      return appended;
    });
    return committedBy(items, appended) ?? NOTHING;
  } catch {
    return null;
  }
}

const NOTHING: Committed = { firstSeq: 0, events: () => [] };

async function untilStored(
  commit: Commit,
  tenant: string,
  batch: IngestEvent[],
  holdMs: number,
): Promise<void> {
  while (!(await commit(tenant, batch, { holdMs }))) await pause(2);
}

function killBackends(sql: postgres.Sql, which: 'listening' | 'any'): Promise<unknown> {
  return sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = 'callboard_app' and pid <> pg_backend_pid()
      and (${which === 'any'} or query ilike 'listen%')`;
}
