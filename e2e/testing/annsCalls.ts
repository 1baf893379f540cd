/** Calls that Ann answers, of a minute each. */
export function annsCalls(callIds: readonly string[], from: number): object[] {
  let order = 0;
  const say = (at: number, event: object): object => ({
    source: 'pbx',
    sourceKey: `q-${order}`,
    sourceOrder: order++,
    occurredAt: at,
    ...event,
  });
  return callIds.flatMap((callId, place) => {
    const at = from + place * 120_000;
    const of = { callId, queue: 'support' };
    return [
      say(at, { kind: 'call.queued', ...of, caller: '+49301234567' }),
      say(at + 4_000, { kind: 'call.answered', ...of, agent: 'Ann' }),
      say(at + 64_000, { kind: 'call.ended', ...of, agent: 'Ann', by: 'caller' }),
    ];
  });
}
