import type { IngestEvent } from '../../../shared/contract/events.ts';
import { createAgenda } from './agenda.ts';
import { arrivalsOf, type DemoDay, disturbancesOf, restartOf } from './calendar.ts';
import { createCallers } from './callers.ts';
import { createCalls } from './calls.ts';
import { openMinutes, QUEUES } from './centre.ts';
import { createFeedback } from './feedback.ts';
import { createStaff, type Person } from './people.ts';
import { randomOf } from './random.ts';
import { rosterOf } from './roster.ts';

export const SIMULATOR = 'simulator';
/** Part of every key: a day told by other code is another story, and must not be mixed with what is in the log. */
const STORY = '2';
/** Things done in one go: about 5 ms. */
const SLICE = 500;
/** How long the telephone system says nothing while it restarts. */
const SILENCE_MS = 90_000;

type Telling<E = IngestEvent> = E extends IngestEvent
  ? Omit<E, 'source' | 'sourceKey' | 'sourceOrder'>
  : never;
/** Takes one thing that happened. */
export type Tell = (event: Telling) => void;

/**
 * Everything that happens in the demo centre on one local day, in order; a call that is still on at midnight ends in
 * the first minutes of the next. The same day is always told the same, key for key, so that telling it again from
 * anywhere adds nothing [L2].
 */
export function tellDay(day: DemoDay): IngestEvent[] {
  const telling = tellInSlices(day);
  for (;;) {
    const { done, value } = telling.next();
    if (done) return value;
  }
}

/** The same in pieces of a few milliseconds, for whoever has other things to do meanwhile. */
export function* tellInSlices(day: DemoDay): Generator<undefined, IngestEvent[]> {
  const random = randomOf(`${day.seed} day ${day.number}`);
  const told: Telling[] = [];
  const tell: Tell = (event) => void told.push({ ...event, occurredAt: Math.round(event.occurredAt) });
  const agenda = createAgenda();
  const disturbances = disturbancesOf(day);
  const midnight = day.instant(24 * 60);

  const staff = createStaff({
    agenda,
    duties: rosterOf(day, random).duties,
    instant: day.instant,
    says: {
      signedIn: (occurredAt, { duty }) =>
        tell({ kind: 'agent.signed_in', occurredAt, agent: duty.name, queues: queuesOf(duty.sector) }),
      signedOut: (occurredAt, { duty }) => tell({ kind: 'agent.signed_out', occurredAt, agent: duty.name }),
      paused: (occurredAt, { duty }, reason) =>
        tell({
          kind: 'agent.state_changed',
          occurredAt,
          agent: duty.name,
          state: 'paused',
          reason,
          everyQueue: true,
        }),
      back: (occurredAt, { duty }) =>
        tell({
          kind: 'agent.state_changed',
          occurredAt,
          agent: duty.name,
          state: 'available',
          everyQueue: true,
        }),
    },
    hasWaiting: (sector) => calls.hasWaiting(sector),
    onIdle: (person: Person, now) => calls.offerTo(person, now),
  });
  const open = openMinutes(day.weekday);
  const feedback = createFeedback({
    agenda,
    random: randomOf(`${day.seed} feedback ${day.number}`),
    tell,
    seed: day.seed,
    reviews: open && { from: day.instant(open[0] + 60), to: day.instant(open[1] - 30) },
    midnight,
  });
  const calls = createCalls({
    agenda,
    random,
    tell,
    staff,
    prefix: `${day.number}`,
    callers: createCallers(day, randomOf(`${day.seed} callers ${day.number}`)),
    feedback,
    midnight,
    rush: { from: day.instant(10 * 60), to: day.instant(12.5 * 60) },
    handleFactor(queue, now) {
      const minute = (now - day.instant(0)) / 60_000;
      return disturbances.find(({ from, to }) => minute >= from && minute < to)?.handle(queue) ?? 1;
    },
  });
  for (const { minute, queue } of arrivalsOf(day, random)) {
    agenda.at(day.instant(minute), (now) => calls.arrive(queue, now));
  }
  while (agenda.run(SLICE)) yield undefined;
  const restart = restartOf(day);
  const heard = restart === null ? told : withRestart(told, day.instant(restart));
  return heard
    .map((event, place) => ({ event, place }))
    .sort((a, b) => a.event.occurredAt - b.event.occurredAt || a.place - b.place)
    .map(({ event }, order, { length }) => finished(event, day, order, order === length - 1));
}

/** The key of an event of a day: by its place, but for the last one, so that one look tells whether a day is in the log. */
export function keyOf(day: Pick<DemoDay, 'seed' | 'number'>, place: number | 'end'): string {
  return `${STORY}/${day.seed}/${day.number}/${place}`;
}

function finished(event: Telling, day: DemoDay, order: number, isLast: boolean): IngestEvent {
  const place = { source: SIMULATOR, sourceKey: keyOf(day, isLast ? 'end' : order), sourceOrder: order };
  return { ...event, ...place } as IngestEvent; // The same kind with its envelope: the compiler loses the union.
}

/** While it restarts the system hears nothing, and afterwards it knows nothing of the calls it had. */
function withRestart(told: Telling[], from: number): Telling[] {
  const to = from + SILENCE_MS;
  const forgotten = new Set<string>();
  for (const event of told) {
    if (event.occurredAt < to && 'callId' in event && event.callId) forgotten.add(event.callId);
  }
  const heard = told.filter((event) => {
    if (event.occurredAt < from) return true;
    const isForgotten = 'callId' in event && event.callId !== undefined && forgotten.has(event.callId);
    // People's own doings are asked for when it is up again, so only calls are lost.
    return !isForgotten && (event.occurredAt >= to || !('callId' in event));
  });
  const late = heard.map((event) =>
    event.occurredAt >= from && event.occurredAt < to ? { ...event, occurredAt: to } : event,
  );
  return [...late, { kind: 'source.restarted', occurredAt: to - 1 }];
}

function queuesOf(sector: string): string[] {
  return QUEUES.filter((queue) => queue.sector === sector).map(({ name }) => name);
}
