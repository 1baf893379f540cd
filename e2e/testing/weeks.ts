import { DAY_MS, HOUR_MS } from './api.ts';

const MINUTE_MS = 60_000;

/** When nobody said how one more call ended. */
export const GHOST_DAYS_AGO = 3;

/**
 * Three weeks up to yesterday, every day alike: from eleven o'clock four calls of `support`, one of which gives up, and two of
 * `vip`. `today`: when it began, in epoch ms.
 */
export function threeWeeks(today: number): { events: object[]; visits: number; ghost: string } {
  const events: object[] = [];
  let visits = 0;
  let order = 0;
  const say = (occurredAt: number, event: object): void => {
    events.push({ source: 'pbx', sourceKey: `w-${order}`, sourceOrder: order++, occurredAt, ...event });
  };
  const call = (at: number, queue: string, waitMs: number, isAnswered: boolean): void => {
    const callId = `call-${visits++}`;
    say(at, { kind: 'call.queued', callId, queue, caller: `+49301234${1_000 + visits}` });
    if (!isAnswered) {
      say(at + waitMs, { kind: 'call.left', callId, queue, outcome: 'abandoned' });
      return;
    }
    say(at + waitMs, { kind: 'call.answered', callId, queue, agent: 'Ann' });
    say(at + waitMs + MINUTE_MS, { kind: 'call.ended', callId, queue, agent: 'Ann', by: 'caller' });
  };
  const ghostDay = today - GHOST_DAYS_AGO * DAY_MS;
  const ghost = 'call-without-end';
  for (let day = today - 21 * DAY_MS; day < today; day += DAY_MS) {
    const at = day + 11 * HOUR_MS;
    say(at - HOUR_MS, { kind: 'agent.signed_in', agent: 'Ann', queues: ['support', 'vip'] });
    for (const [nth, waitMs] of [8_000, 15_000, 25_000].entries()) {
      call(at + nth * 5 * MINUTE_MS, 'support', waitMs, true);
    }
    call(at + 20 * MINUTE_MS, 'support', 40_000, false);
    call(at + 30 * MINUTE_MS, 'vip', 8_000, true);
    call(at + 40 * MINUTE_MS, 'vip', 12_000, true);
    if (day === ghostDay) {
      visits++;
      say(at + 50 * MINUTE_MS, { kind: 'call.queued', callId: ghost, queue: 'support' });
    }
    say(at + 2 * HOUR_MS, { kind: 'agent.signed_out', agent: 'Ann' });
  }
  return { events, visits, ghost };
}

export const IMPORTED = 10;

/** Ten calls of a queue of its own two days ago, and a line that is none. */
export function queueLog(today: number): string {
  const from = (today - 2 * DAY_MS + 15 * HOUR_MS) / 1_000;
  const calls = Array.from({ length: IMPORTED }, (_, nth) => {
    const at = from + nth * 120;
    return [
      `${at}|imp-${nth}|imported|NONE|ENTERQUEUE||4930${nth}`,
      `${at + 9}|imp-${nth}|imported|Bo|CONNECT|9|imp-${nth}|3`,
      `${at + 69}|imp-${nth}|imported|Bo|COMPLETECALLER|9|60|1`,
    ];
  });
  return [...calls.flat(), 'no line of a log', ''].join('\n');
}
