import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import type { LogEvent } from '../../shared/contract/events.ts';
import { WINDOWS } from '../../shared/contract/metrics.ts';
import { measure } from '../../shared/live/measure.ts';
import { agentIds, liveCallIds, measureAgent, measureCall } from '../../shared/live/views.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { buildState, END_OF_TIME } from '../log/build.ts';
import { localDayOf } from '../log/localDay.ts';
import { readHead } from '../log/readLog.ts';
import type { LiveView } from './engine.ts';
import { loadSettings } from './liveSettings.ts';

/** What the tests of live share: a log to append to, and waiting for conditions. */

export const silent = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

/** Sooner than what is kept of somebody's rights is looked at again by itself: whoever is this soon was told. A loaded machine takes seconds for what takes milliseconds. */
export const AT_ONCE_MS = 4_500;

/** Resolves once `holds` gives something truthy, looked at every few ms; fails after `limitMs`, a deadline and no more. */
export async function until<T>(
  holds: () => T | Promise<T>,
  what: string,
  limitMs = 60_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const held = await holds();
    if (held) return held;
    await pause(5);
  }
  throw new Error(`This never came true: ${what}`);
}

type Draft = Record<string, unknown> & { kind: string; occurredAt: number };

/** Appends events as ingest does, all in one transaction; answers the last log position. */
export async function append(db: Database, tenantId: string, drafts: readonly Draft[]): Promise<number> {
  const items = drafts.map(
    ({ kind, occurredAt, callId, queue, agent, source, sourceKey, sourceOrder, ...body }) => {
      const { seq: _seq, recordedAt: _recordedAt, ...rest } = body;
      return {
        key: randomUUID().replaceAll('-', ''),
        kind,
        occurredAt,
        source: source ?? 'test',
        sourceKey: sourceKey ?? randomUUID(),
        sourceOrder: sourceOrder ?? 0,
        callId,
        queue,
        agent,
        isPerson: kind !== 'agent.joined' && kind !== 'agent.left',
        body: rest,
      };
    },
  );
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx<{ last_seq: string }[]>`
      select last_seq from append_events(${JSON.stringify(items)}::text::jsonb)`;
    return Number(row?.last_seq);
  });
}

/** A whole story, in transactions of `batch`; answers the last log position. */
export async function appendStory(
  db: Database,
  tenantId: string,
  story: readonly LogEvent[],
  batch = 500,
): Promise<number> {
  let last = 0;
  for (let from = 0; from < story.length; from += batch) {
    last = await append(db, tenantId, story.slice(from, from + batch));
  }
  return last;
}

/** Every number a view shows at `now`: what two ways of reaching one state must agree on. */
export function everyNumber(view: LiveView, now: number) {
  const { state, settings } = view;
  return {
    windows: WINDOWS.map((window) => measure(state, settings, now, { window })),
    agents: agentIds(state).map((id) => measureAgent(state, settings, now, id)),
    calls: liveCallIds(state).map((id) => measureCall(state, settings, now, id)),
  };
}

/** The same tenant recounted from the table, by another reading than the feed's. */
export async function recount(db: Database, tenantId: string, now: number): Promise<LiveView> {
  const { settings } = await loadSettings(db, tenantId);
  const { seq } = await readHead(db, tenantId);
  const dayStart = localDayOf(now, settings.timeZone, settings.dayStartMinutes).start;
  const state = await buildState(db, tenantId, { settings, dayStart, until: END_OF_TIME, seq });
  if (!state) throw new Error('unreachable: nobody stops this');
  return { state, settings, seq, lastWeek: null };
}
