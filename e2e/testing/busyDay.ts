import { randomFrom } from '../../shared/random.ts';

/** A centre as it looks on a busy afternoon: eight hours of calls up to `now`, and what goes on at that moment. */
export function busyDay(now: number, seed = 7): object[] {
  const random = randomFrom(seed);
  const events: ({ occurredAt: number } & Record<string, unknown>)[] = [];
  const start = now - 8 * HOUR_MS;
  let order = 0;
  const say = (occurredAt: number, event: object): void => {
    if (occurredAt > now) return;
    const sourceKey = `day-${order}`;
    events.push({
      source: 'pbx',
      sourceKey,
      sourceOrder: order++,
      occurredAt: Math.floor(occurredAt),
      ...event,
    });
  };
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;

  const freeAt = new Map<string, number>();
  for (const [index, agent] of AGENTS.entries()) {
    const queues = queuesOf(index);
    say(start + index * 900, { kind: 'agent.signed_in', agent, queues });
    for (const queue of queues) say(start + index * 900, { kind: 'agent.joined', agent, queue });
    freeAt.set(agent, start + index * 900);
  }

  const calls = QUEUES.flatMap(({ name, everyMs, surge }) => {
    const arrivals: { queue: string; at: number }[] = [];
    let at = start;
    while (at < now) {
      at += exponential(now - at < SURGE_MS ? everyMs / surge : everyMs);
      arrivals.push({ queue: name, at });
    }
    return arrivals;
  }).sort((a, b) => a.at - b.at);

  for (const [index, { queue, at }] of calls.entries()) {
    const callId = `call-${index}`;
    const caller = `+4930${Math.floor(1_000_000 + random() * 8_999_999)}`;
    say(at, { kind: 'call.queued', callId, queue, caller });
    const able = AGENTS.filter((_, agent) => queuesOf(agent).includes(queue));
    const agent = able.reduce((a, b) => ((freeAt.get(a) ?? 0) <= (freeAt.get(b) ?? 0) ? a : b));
    const alertedAt = Math.max(at + 500, freeAt.get(agent) ?? 0);
    const answeredAt = alertedAt + 2_000 + random() * 5_000;
    const patienceMs = 25_000 + exponential(4 * MINUTE_MS);
    if (answeredAt > at + patienceMs) {
      if (random() < 0.12)
        say(at + patienceMs, { kind: 'call.left', callId, queue, outcome: 'callback_requested' });
      else say(at + patienceMs, { kind: 'call.left', callId, queue, outcome: 'abandoned' });
      continue;
    }
    const endedAt = answeredAt + 60_000 + exponential(3 * MINUTE_MS);
    const readyAt = endedAt + 8_000 + random() * 25_000;
    say(alertedAt, { kind: 'call.alerted', callId, queue, agent });
    say(answeredAt, { kind: 'call.answered', callId, queue, agent });
    say(endedAt, { kind: 'call.ended', callId, agent, by: 'caller' });
    say(endedAt + 1, { kind: 'agent.state_changed', agent, state: 'wrap_up' });
    const pauseMs = random() < 0.05 ? (4 + random() * 20) * MINUTE_MS : 0;
    const reason = PAUSES[Math.floor(random() * PAUSES.length)];
    if (pauseMs > 0)
      say(readyAt, { kind: 'agent.state_changed', agent, state: 'paused', reason, everyQueue: true });
    say(readyAt + pauseMs, { kind: 'agent.state_changed', agent, state: 'available', everyQueue: true });
    freeAt.set(agent, readyAt + pauseMs + 1_000);
  }
  return events.sort((a, b) => a.occurredAt - b.occurredAt);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SURGE_MS = 12 * MINUTE_MS;
const PAUSES = ['Lunch', 'Break', 'Training', 'Back office'];

/** Names, the mean time between calls, and how many times more of them come in the last minutes. */
const QUEUES = [
  { name: 'Support', everyMs: 46_000, surge: 2.6 },
  { name: 'Sales', everyMs: 38_000, surge: 1 },
  { name: 'Billing', everyMs: 55_000, surge: 1 },
  { name: 'Returns', everyMs: 80_000, surge: 1 },
  { name: 'Premium', everyMs: 110_000, surge: 1 },
  { name: 'Switchboard', everyMs: 125_000, surge: 1 },
];

/** Most serve one queue, every third a second one. */
function queuesOf(index: number): string[] {
  const at = [0, 1, 2, 0, 1, 3, 2, 4, 1, 5][index % 10] ?? 0;
  const names = [QUEUES[at], index % 3 === 0 ? QUEUES[(at + 1) % QUEUES.length] : undefined];
  return names.flatMap((queue) => queue?.name ?? []);
}

const AGENTS =
  `Amira Haddad,Anton Berger,Beatriz Costa,Bram de Vries,Carla Moretti,Chidi Okafor,Clara Lindqvist,
Daniel Novak,Elif Yilmaz,Emma Fischer,Farid Rahimi,Freya Olsen,Gabriel Roux,Hana Sato,Henrik Dahl,Ida Kowalska,
Ines Alvarez,Isaac Mensah,Jana Weber,Jonas Keller,Julia Petrova,Kofi Asante,Lara Schmidt,Leo Marchand,Lin Chen,
Lucia Romano,Malik Diallo,Marta Nowak,Mei Tanaka,Milan Horvat,Nadia Karimi,Noah Jensen,Olga Ivanova,Omar Said,
Petra Vogel,Priya Nair,Rafael Santos,Sofia Greco,Tom Becker,Yara Khalil`
    .split(',')
    .map((name) => name.trim());
