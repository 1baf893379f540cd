import { DateTime } from 'luxon';
import { expect } from 'vitest';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import type { LocalDay } from '../../log/localDay.ts';
import type { liveAtClose } from './liveAtClose.ts';
import { AGENTS, QUEUES, SERVED } from './randomDays.ts';
import type { Stretch } from './recountAgents.ts';
import { ratio, recountQueues, recountTime, sum } from './recountDay.ts';
import type { Recounted } from './recountVisits.ts';

/** Tests only: one day, told three ways. */

export interface DayTold {
  day: LocalDay;
  /** The data of an address below /api/v1/analytics/performance. */
  get(address: string): Promise<unknown>;
  settings: LiveSettings;
  live: ReturnType<typeof liveAtClose>;
  /** Whether live counted nothing but this day when it had settled. */
  isWhole: boolean;
  recounted: Recounted;
  stretches: readonly Stretch[];
}

export const SECTORS: Readonly<Record<string, readonly string[]>> = {
  north: ['q0', 'q1'],
  south: ['q2', 'q3'],
};

type Row = Record<string, unknown>;

/** What a wall shows of this moment, how its agents spend theirs, and what is no figure. */
const OF_NOW =
  /^(waiting.*|longestWaitSince|callbackBacklog|estimatedWaitMs|occupancy|utilisation|agents[A-Z].*|opening|thresholdSeconds|definition|targets|name|queueId|sectorId)$/;

function figuresOf(metrics: object): Row {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !OF_NOW.test(name)));
}

export async function expectDay(told: DayTold): Promise<void> {
  const { day, get, settings, live, isWhole, recounted, stretches } = told;
  const date = DateTime.fromMillis(day.start, { zone: settings.timeZone }).toISODate() ?? '';
  const range = `startDate=${date}&endDate=${date}`;
  const rulesOf = (queue: string) => {
    const { thresholdSeconds, shortAbandonSeconds } = thresholdsInForce(settings, queue);
    return { thresholdMs: thresholdSeconds * 1_000, shortAbandonMs: shortAbandonSeconds * 1_000 };
  };
  const [queues, sectors, agents] = await Promise.all(
    [`/trends?${range}&groupBy=queue`, `/sectors?${range}`, `/agents?${range}`].map(
      async (address) => (await get(address)) as Row[], // Lists, all of them.
    ),
  );
  const find = (rows: Row[] | undefined, key: string, id: string) => rows?.find((row) => row[key] === id);
  const whole = (await get(`/summary?${range}`)) as Row;

  const parts: { what: string; row: Row | undefined; of: readonly string[]; shown: object | undefined }[] = [
    { what: 'all', row: whole, of: QUEUES, shown: live.measured.totals },
    ...Object.entries(SECTORS).map(([id, of]) => ({
      what: `sector ${id}`,
      row: find(sectors, 'sectorId', id),
      of,
      shown: live.measured.sectors.find(({ sectorId }) => sectorId === id),
    })),
    ...QUEUES.map((id) => ({
      what: `queue ${id}`,
      row: find(queues, 'queueId', id),
      of: [id],
      shown: live.measured.queues.find(({ queueId }) => queueId === id),
    })),
  ];
  for (const { what, row, of, shown } of parts) {
    const isAll = of.length === QUEUES.length;
    const serves = ({ agent, isMember }: Stretch) =>
      isAll || (isMember && (SERVED[agent] ?? []).some((queue) => of.includes(queue)));
    expect(row, `${date}, history and the recount of ${what}`).toMatchObject({
      ...recountQueues(recounted, day, of, rulesOf, of.length > 1),
      ...recountTime(stretches, day, serves),
    });
    if (isWhole && shown) expect(row, `${date}, history and live of ${what}`).toMatchObject(figuresOf(shown));
  }
  const counts = Object.keys(live.counts).map((name) => {
    const [id = '', metric = ''] = name.split(' ');
    return [name, find(queues, 'queueId', id)?.[metric]];
  });
  expect(Object.fromEntries(counts), `${date}, history and live in counts`).toEqual(live.counts);

  for (const agent of AGENTS) {
    const own = stretches.filter((one) => one.agent === agent && one.from < day.end && one.to > day.start);
    const row = find(agents, 'agentId', agent) ?? NOBODY;
    expect(row, `${date}, history and the recount of ${agent}`).toMatchObject({
      ...recountLegs(recounted, agent, day),
      ...recountTime(own, day, () => true),
      firstSignedInAt: own[0] ? new Date(Math.max(day.start, own[0].from)).toISOString() : null,
      lastSignedInAt: own.at(-1)
        ? new Date(Math.min(day.end, ...own.slice(-1).map(({ to }) => to))).toISOString()
        : null,
    });
    expect(row, `${date}, history and live of ${agent}`).toMatchObject(live.agents.get(agent) ?? {});
  }
}

function recountLegs({ visits, misses }: Recounted, agent: string, { start, end }: LocalDay) {
  const legs = visits.filter((one) => one.agent === agent && one.entered >= start && one.entered < end);
  // [V11] Nobody waits in a call of ours.
  const waits = legs.filter(({ origin }) => origin !== 'callback').map(({ waitMs }) => waitMs);
  return {
    answered: legs.length,
    callbackAnswered: legs.length - waits.length,
    asaMs: ratio(sum(waits), waits.length),
    handled: legs.filter(({ talkMs }) => talkMs !== null).length,
    transferred: legs.filter(({ isTransferred }) => isTransferred).length,
    missedRings: misses.filter((one) => one.agent === agent && one.at >= start && one.at < end).length,
  };
}

/** What history says of somebody by not naming him. */
const NOBODY: Row = {
  answered: 0,
  handled: 0,
  transferred: 0,
  missedRings: 0,
  outbound: 0,
  callbackAnswered: 0,
  asaMs: null,
  signedInMs: 0,
  availableMs: 0,
  closedMs: 0,
  ringingMs: 0,
  talkMs: 0,
  holdMs: 0,
  wrapUpMs: 0,
  pausedMs: 0,
  outboundMs: 0,
  occupancy: null,
  utilisation: null,
  firstSignedInAt: null,
  lastSignedInAt: null,
};
