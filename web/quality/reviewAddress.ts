/** Where a call of an agent is begun to be scored. */
export function reviewAddress({ callId, agentId }: { callId: string; agentId: string }): string {
  return `#/quality/review?${new URLSearchParams({ call: callId, agent: agentId })}`;
}
