import type { LogEvent } from '../../../../shared/contract/events.ts';
import { type LiveSettings, UNASSIGNED_SECTOR } from '../../../../shared/contract/settings.ts';
import { identityOf } from '../../../../shared/live/identity.ts';
import { compareOrder } from '../../../../shared/live/order.ts';
import { thresholdsInForce } from '../../../../shared/metrics/thresholds.ts';
import type { Database } from '../../../db/connect.ts';
import type { LocalDay } from '../../../log/localDay.ts';
import { inSlices } from '../../../log/slices.ts';
import { grouped } from '../../grouped.ts';
import { made } from '../made.ts';
import type { Figures, Sheet } from '../sheet.ts';
import { addParts, countStay, figuresOfParts, noParts, type Parts } from './parts.ts';
import { type LogRange, readCalls, readCallsById, readRestarts } from './readCalls.ts';
import { type Stay, type Story, tellStory } from './story.ts';

/**
 * A day counted from the log by another program than everything else is [R1]. It knows what became of calls; how long
 * wrap-up took and how agents spent their time follows from their whole story, and is not in it, nor are percentiles,
 * which have histograms of their own.
 */

/** Stays whose handling nobody ever ended: whether they were handled is the wrap-up's to say. */
export interface Unended {
  queues: ReadonlySet<string>;
  agents: ReadonlySet<string>;
}

/** Those a wrap-up without an end makes doubtful. */
const OF_HANDLED = ['handled', 'averageTalkMs', 'averageHoldMs'];

export interface Recounted extends Sheet {
  /** Stays that entered on the day. */
  visits: number;
}

export async function recountDay(
  db: Database,
  tenantId: string,
  options: { day: LocalDay; range: LogRange; asOf: number; settings: LiveSettings; unended: Unended },
): Promise<Recounted> {
  const { day, range, settings } = options;
  const personOf = (name: string) => identityOf(name, settings.aliases);
  const restarts = grouped(await readRestarts(db, tenantId, range), ({ source }) => source);
  const tellOne = (events: readonly LogEvent[]): Story => {
    const source = events.find(
      ({ kind }) => !kind.startsWith('call.outbound') && kind !== 'call.dialed',
    )?.source;
    return tellStory(events, restarts.get(source ?? '') ?? [], personOf);
  };
  const stories = new Map<string, Story>();
  await readCalls(db, tenantId, { ...range, from: day.start }, (callId, events) =>
    stories.set(callId, tellOne(events)),
  );
  await adoptStrays();
  return countStories(stories.values(), options);

  /** Old Asterisk tells of a transfer under another call's id: it is the only call its agent had in hand then. */
  async function adoptStrays(): Promise<void> {
    const strays = [...stories.values()].flatMap(({ strayTransfers }) => strayTransfers).sort(compareOrder);
    if (strays.length === 0) return;
    const answered = [...stories.values()].flatMap(({ stays }) =>
      stays.filter(({ agent }) => agent !== null),
    );
    const callsOf = grouped(answered, ({ agent }) => agent);
    for (const stray of strays) {
      const agent = personOf(stray.agent ?? '');
      const callIds = new Set(callsOf.get(agent)?.map(({ callId }) => callId));
      const talks = [...callIds].flatMap((callId) =>
        (stories.get(callId)?.stays ?? []).filter((stay) => isInHand(stay, agent, stray.occurredAt)),
      );
      const [talk] = talks;
      if (talk === undefined || talks.length > 1) continue;
      const read = await readCallsById(db, tenantId, range, [talk.callId, stray.callId]);
      const moved = { ...stray, callId: talk.callId, queue: undefined };
      for (const callId of [talk.callId, stray.callId]) {
        const own = read.filter(
          (event) => 'callId' in event && event.callId === callId && event.seq !== stray.seq,
        );
        stories.set(callId, tellOne(callId === talk.callId ? [...own, moved] : own));
      }
    }
  }
}

function isInHand(stay: Stay, agent: string, at: number): boolean {
  return (
    stay.agent === agent &&
    stay.outcome === 'answered' &&
    !stay.isConcluded &&
    stay.settledAt <= at &&
    (stay.endedAt === null || stay.endedAt > at)
  );
}

function isOn({ start, end }: LocalDay, at: number): boolean {
  return at >= start && at < end;
}

interface AgentParts {
  parts: Parts;
  outbound: number;
}

const noAgentParts = (): AgentParts => ({ parts: noParts(), outbound: 0 });

async function countStories(
  stories: Iterable<Story>,
  { day, asOf, settings, unended }: Parameters<typeof recountDay>[2],
): Promise<Recounted> {
  const queues = new Map<string, Parts>();
  const agents = new Map<string, AgentParts>();
  /** Which calls a queue was offered [T5]. */
  const calls = new Map<string, Set<string>>();
  const queue = (id: string) => made(queues, id, noParts);
  const agent = (id: string) => made(agents, id, noAgentParts);
  await inSlices(stories, ({ stays, refusals, misses, outbound }) => {
    for (const stay of stays) {
      if (!isOn(day, stay.enteredAt)) continue;
      const judgement = { thresholds: thresholdsInForce(settings, stay.queueId), settings, asOf };
      made(calls, stay.queueId, () => new Set()).add(stay.callId);
      countStay(queue(stay.queueId), stay, judgement);
      if (stay.agent === null) continue;
      const own = agent(stay.agent);
      countStay(own.parts, stay, judgement);
    }
    for (const { queueId, at } of refusals) if (isOn(day, at)) queue(queueId).refused++;
    for (const miss of misses) {
      if (!isOn(day, miss.at)) continue;
      agent(miss.agent).parts.missedRings++;
      if (miss.queueId !== '') queue(miss.queueId).missedRings++;
    }
    for (const call of outbound) if (isOn(day, call.at)) agent(call.agent).outbound++;
  });
  const figuresOfQueues = (ids: readonly string[], isTotal: boolean) => {
    const sum = noParts();
    for (const id of ids) addParts(sum, queue(id));
    const distinct = new Set(ids.flatMap((id) => [...(calls.get(id) ?? [])])).size;
    const figures = { calls: distinct, ...figuresOfParts(sum, isTotal ? distinct : sum.offered) };
    const isDoubtful = ids.some((id) => unended.queues.has(id));
    return without(figures, isDoubtful);
  };
  const ids = [...queues.keys()];
  const bySector = grouped(ids, (id) => settings.queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR);
  return {
    total: figuresOfQueues(ids, true),
    sectors: new Map([...bySector].map(([id, own]) => [id, figuresOfQueues(own, true)])),
    queues: new Map(ids.map((id) => [id, figuresOfQueues([id], false)])),
    agents: new Map(
      [...agents].map(([id, own]) => [id, without(figuresOfAgent(own), unended.agents.has(id))]),
    ),
    blank: {
      sector: figuresOfQueues([], true),
      queue: figuresOfQueues([], false),
      agent: figuresOfAgent(noAgentParts()),
    },
    visits: [...queues.values()].reduce((sum, { offered }) => sum + offered, 0),
  };
}

function figuresOfAgent({ parts, outbound }: AgentParts): Figures {
  const { asaMs, transferRate, averageTalkMs, averageHoldMs } = figuresOfParts(parts, parts.offered);
  const { answered, handled, transferred, missedRings } = parts;
  return {
    answered,
    handled,
    transferred,
    missedRings,
    outbound,
    callbackAnswered: answered - parts.measuredAnswered,
    asaMs,
    averageTalkMs,
    averageHoldMs,
    transferRate,
  };
}

/** What is not known is not said. */
function without(figures: Figures, isDoubtful: boolean): Figures {
  if (!isDoubtful) return figures;
  return Object.fromEntries(Object.entries(figures).filter(([metric]) => !OF_HANDLED.includes(metric)));
}
