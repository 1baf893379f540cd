import { DAY_MS } from './api.ts';

const MINUTE_MS = 60_000;
/** Events may be no older than 400 days. */
const REACH_DAYS = 390;

/**
 * A call every twelve days for a year and a month, and one bad quarter of an hour: six calls from ten o'clock UTC on a day
 * some weeks ago, of which three give up.
 */
export function madeUpYear(now: number): {
  events: object[];
  calls: number;
  badDay: string;
  badFrom: number;
} {
  const events: object[] = [];
  let calls = 0;
  let order = 0;
  const say = (occurredAt: number, event: object): void => {
    events.push({ source: 'pbx', sourceKey: `y-${order}`, sourceOrder: order++, occurredAt, ...event });
  };
  const call = (at: number, queue: string, waitMs: number, talkMs: number | null): void => {
    const callId = `call-${calls++}`;
    const agent = 'Ann';
    say(at, { kind: 'call.queued', callId, queue, caller: `+49301234${1_000 + calls}` });
    if (talkMs === null) {
      say(at + waitMs, { kind: 'call.left', callId, queue, outcome: 'abandoned' });
      return;
    }
    say(at + 1_000, { kind: 'call.alerted', callId, queue, agent });
    say(at + waitMs, { kind: 'call.answered', callId, queue, agent });
    say(at + waitMs + talkMs, { kind: 'call.ended', callId, queue, agent, by: 'caller' });
  };
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  // In the middle of a month, whatever day it is: its neighbours are of the same month and year.
  const badDay = `${new Date(today - 50 * DAY_MS).toISOString().slice(0, 8)}14`;
  const badFrom = Date.parse(`${badDay}T10:00:00Z`);
  const signIn = (day: number): void => {
    say(day + 9 * 60 * MINUTE_MS, { kind: 'agent.signed_in', agent: 'Ann', queues: ['support', 'sales'] });
  };
  for (let days = REACH_DAYS; days > 0; days -= 12) {
    const day = today - days * DAY_MS;
    if (day === Date.parse(badDay)) continue;
    signIn(day);
    call(
      day + 11 * 60 * MINUTE_MS + days * 1_000,
      days % 24 === 6 ? 'sales' : 'support',
      9_000 + days * 50,
      120_000 + days * 100,
    );
    say(day + 17 * 60 * MINUTE_MS, { kind: 'agent.signed_out', agent: 'Ann' });
  }
  signIn(Date.parse(badDay));
  for (let place = 0; place < 6; place++) {
    const isGivenUp = place % 2 === 1;
    call(badFrom + place * 2 * MINUTE_MS, 'support', 8_000 + place * 7_000, isGivenUp ? null : 61_000);
  }
  call(badFrom + 90 * MINUTE_MS, 'sales', 6_000, 90_000);
  say(badFrom + 7 * 60 * MINUTE_MS, { kind: 'agent.signed_out', agent: 'Ann' });
  return { events, calls, badDay, badFrom };
}
