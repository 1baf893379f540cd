import type { LogEvent } from '../../../shared/contract/events.ts';
import { AGENTS, SERVED } from './randomDays.ts';
import { inOrder, type Visit } from './recountVisits.ts';

/**
 * Tests only: agents' time from the log as [A1], [A5] and [V10] define it: of every condition the spans in which it held are
 * laid over each other, and of each stretch the first that holds is its state. Not how the product does it, which folds one
 * event after the other.
 */

export type AgentState = 'talking' | 'hold' | 'ringing' | 'wrap_up' | 'paused' | 'available';

export interface Stretch {
  agent: string;
  from: number;
  to: number;
  state: AgentState;
  isOutbound: boolean;
  /** Whether he was a member of his queues. */
  isMember: boolean;
}

interface Span {
  from: number;
  to: number;
}
type Late = Span & { state: 'talking' | 'ringing' | 'wrap_up' };

const HOUR = 3_600_000;
const SILENT_TALK_MS = 12 * HOUR;
const UNHEARD_MS = 24 * HOUR;
const FOREVER = Number.POSITIVE_INFINITY;

export interface AgentRules {
  /** Configured for a queue, in ms; 0: none. */
  wrapUpMs(queue: string): number;
}

/** The time of everybody; wrap-ups are entered into `visits`. */
export function recountAgents(
  log: readonly LogEvent[],
  visits: readonly Visit[],
  rules: AgentRules,
): Stretch[] {
  const ordered = inOrder(log);
  return AGENTS.flatMap((agent) => stretchesOf(agent, ordered, visits, rules));
}

function stretchesOf(
  agent: string,
  log: readonly LogEvent[],
  visits: readonly Visit[],
  rules: AgentRules,
): Stretch[] {
  const legs = visits.filter((visit) => visit.agent === agent);
  const isOfLeg = (event: LogEvent) =>
    event.kind === 'call.ended' &&
    event.agent === undefined &&
    legs.some(({ callId, ended }) => callId === event.callId && ended === event.occurredAt);
  const own = log.filter((event) => ('agent' in event && event.agent === agent) || isOfLeg(event));
  const heard = own.map(({ occurredAt }) => occurredAt);
  /** The instant from which he has not been heard of for so long. */
  const silence = (since: number, limit: number): number => {
    let last = since;
    for (const at of heard.filter((one) => one >= since)) {
      if (at - last >= limit) break;
      last = at;
    }
    return last + limit;
  };
  const after = (since: number, is: (event: LogEvent) => boolean, among = own): number =>
    among.find((event) => event.occurredAt >= since && is(event))?.occurredAt ?? FOREVER;
  const isOfCall = (event: LogEvent, callId: string) => 'callId' in event && event.callId === callId;

  const hands: (Span & { isOutbound: boolean })[] = [];
  const holds: Span[] = [];
  const rings: (Span & { callId: string })[] = [];
  const wraps: Span[] = [];
  const late: Late[] = [];
  for (const { settled, ended } of legs) {
    if (settled === null) continue;
    hands.push({ from: settled, to: ended ?? silence(settled, SILENT_TALK_MS), isOutbound: false });
  }
  for (const event of own) {
    const at = event.occurredAt;
    if (event.kind === 'call.held') {
      const until = after(at + 1, (one) => isOfCall(one, event.callId) && one.kind !== 'call.held');
      holds.push({ from: at, to: Math.min(until, silence(at, SILENT_TALK_MS)) });
    } else if (event.kind === 'call.alerted') {
      const isOver = (one: LogEvent) =>
        isOfCall(one, event.callId) &&
        (['call.answered', 'call.left', 'call.ended', 'call.transferred'].includes(one.kind) ||
          (one.kind === 'call.missed' && one.agent === agent));
      rings.push({ from: at, to: after(at, isOver, [...log]), callId: event.callId });
    } else if (event.kind === 'call.missed') {
      const wasRinging = rings.some(({ callId, to }) => callId === event.callId && to === at);
      if (!wasRinging) late.push({ from: at - (event.ringMs ?? 0), to: at, state: 'ringing' });
    } else if (event.kind === 'call.answered' && event.ringMs) {
      late.push({ from: at - event.ringMs, to: at, state: 'ringing' });
    } else if (event.kind === 'call.dialed') {
      const isOver = (one: LogEvent) =>
        isOfCall(one, event.callId) && (one.kind === 'call.outbound_started' || one.kind === 'call.outbound');
      rings.push({ from: at, to: after(at + 1, isOver), callId: event.callId });
    } else if (event.kind === 'call.outbound_started') {
      const isOver = (one: LogEvent) => isOfCall(one, event.callId) && one.kind === 'call.outbound';
      hands.push({ from: at, to: after(at, isOver), isOutbound: true });
    } else if (event.kind === 'call.outbound' && event.talkMs) {
      const wasStarted = own.some(
        (one) => one.kind === 'call.outbound_started' && one.callId === event.callId,
      );
      if (!wasStarted) late.push({ from: at - event.talkMs, to: at, state: 'talking' });
    }
  }
  const isTalking = (at: number) => hands.some(({ from, to }) => from <= at && at < to);
  const { signedIn, members, pauses } = presence(agent, own, silence);
  const isPaused = (at: number) => pauses.some(({ from, to }) => from < at && at <= to);

  // [A5] A wrap-up lasts as long as is configured, or until he does something else; what is reported counts instead.
  const endsWrap = (event: LogEvent): boolean => {
    switch (event.kind) {
      case 'agent.signed_out':
      case 'call.alerted':
      case 'call.answered':
      case 'call.dialed':
      case 'call.outbound_started':
        return true;
      case 'agent.state_changed':
        return !isTalking(event.occurredAt) && (event.state === 'paused' || !isPaused(event.occurredAt));
      default:
        return false;
    }
  };
  for (const leg of legs) {
    if (leg.ended === null) continue;
    const { ended, callId } = leg;
    const configured = rules.wrapUpMs(leg.queue);
    const isLater = (visit: Visit) => visit.callId === callId && (visit.settled ?? 0) > ended;
    const next = Math.min(...legs.filter(isLater).map(({ settled }) => settled ?? FOREVER));
    const reported = own.find(
      (event) =>
        event.kind === 'call.wrapped' &&
        event.callId === callId &&
        event.occurredAt >= ended &&
        event.occurredAt < next,
    );
    const stop = Math.min(ended + configured, after(ended + 1, endsWrap));
    if (configured > 0) wraps.push({ from: ended, to: Math.min(stop, reported?.occurredAt ?? FOREVER) });
    if (reported?.kind === 'call.wrapped') {
      const ms = reported.wrapUpMs ?? reported.occurredAt - ended;
      late.push({ from: reported.occurredAt - ms, to: reported.occurredAt, state: 'wrap_up' });
      Object.assign(leg, { wrapUpMs: ms, handledAt: reported.occurredAt });
    } else
      Object.assign(leg, configured > 0 ? { wrapUpMs: stop - ended, handledAt: stop } : { handledAt: ended });
  }
  late.sort((a, b) => a.to - b.to);

  const cuts = [...hands, ...holds, ...rings, ...wraps, ...late, ...signedIn, ...members, ...pauses]
    .flatMap(({ from, to }) => [from, to])
    .filter(Number.isFinite);
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  const covers = (spans: readonly Span[], at: number) => spans.some(({ from, to }) => from <= at && at < to);
  return sorted.slice(0, -1).flatMap((from, index): Stretch[] => {
    const to = sorted[index + 1] ?? from;
    const inHand = hands.filter((hand) => hand.from <= from && from < hand.to);
    let state: AgentState | null = null;
    let isOutbound = false;
    if (inHand.length > 0) {
      state = covers(holds, from) ? 'hold' : 'talking';
      isOutbound = inHand[0]?.isOutbound ?? false;
    } else if (covers(rings, from)) state = 'ringing';
    else if (covers(wraps, from)) state = 'wrap_up';
    else if (covers(signedIn, from)) state = covers(pauses, from) ? 'paused' : 'available';
    if (state === 'available' || state === 'ringing') {
      // Learned afterwards, it re-labels available time only; an outbound talk that was not told of, ringing too.
      for (const label of late) {
        if (!covers([label], from)) continue;
        if (state === 'available' || (state === 'ringing' && label.state === 'talking')) {
          state = label.state;
          isOutbound = label.state === 'talking';
        }
      }
    }
    return state === null ? [] : [{ agent, from, to, state, isOutbound, isMember: covers(members, from) }];
  });
}

/** When he was signed in, served his queues, and was paused in all of them or altogether. */
function presence(
  agent: string,
  own: readonly LogEvent[],
  silence: (since: number, limit: number) => number,
) {
  const signedIn: Span[] = [];
  const members: Span[] = [];
  const pauses: Span[] = [];
  const queues = SERVED[agent] ?? [];
  let isWhole = false;
  let paused = new Set<string>();
  let [inSince, memberSince, pausedSince] = [FOREVER, FOREVER, FOREVER];
  const close = (spans: Span[], from: number, to: number) => {
    if (from < to) spans.push({ from, to });
  };
  for (const event of own) {
    const at = event.occurredAt;
    // [A1] Unheard of for a day, he is offline from then.
    if (inSince < at && silence(inSince, UNHEARD_MS) < at) {
      close(signedIn, inSince, silence(inSince, UNHEARD_MS));
      inSince = FOREVER;
    }
    switch (event.kind) {
      case 'agent.signed_in':
        inSince = Math.min(inSince, at);
        memberSince = Math.min(memberSince, at);
        break;
      case 'agent.signed_out':
        close(signedIn, inSince, at);
        close(members, memberSince, at);
        [inSince, memberSince] = [FOREVER, FOREVER];
        paused = new Set();
        break;
      case 'agent.state_changed':
        if (event.state === 'available') {
          isWhole = false;
          paused = new Set();
        } else if (event.queue !== undefined) paused.add(event.queue);
        else isWhole = true;
        break;
      default:
        continue;
    }
    const isPaused = isWhole || queues.every((queue) => paused.has(queue));
    if (isPaused) pausedSince = Math.min(pausedSince, at);
    else {
      close(pauses, pausedSince, at);
      pausedSince = FOREVER;
    }
  }
  if (inSince < FOREVER) close(signedIn, inSince, silence(inSince, UNHEARD_MS));
  close(members, memberSince, FOREVER);
  close(pauses, pausedSince, FOREVER);
  return { signedIn, members, pauses };
}
