import type { AgentReason, DashboardAgent } from '../../../shared/contract/dashboard.ts';

/** Agents whose figures are far from what is usual beside them. Pure. */

type Figures = Omit<DashboardAgent, 'reasons'>;

/** From here on a share or a mean is far from what is usual. */
const FAR = { missedRings: 2, ahtMs: 1.5, transferRate: 2 };
/** Fewer of a rare thing are chance. */
const RARE = 3;
/** Shorter than a day of work says nothing of how busy somebody is. */
const DAY_OF_WORK_MS = 8 * 3_600_000;
const SHOWN = 10;

/** Those with most reasons first, then by how far, then by id; `occupancyLimit` null: none. */
export function agentsWorthALook(
  agents: readonly Figures[],
  { minimumSample, occupancyLimit }: { minimumSample: number; occupancyLimit: number | null },
): DashboardAgent[] {
  const sum = (of: (agent: Figures) => number) => agents.reduce((all, agent) => all + of(agent), 0);
  const handled = sum((agent) => agent.handled);
  const answered = sum((agent) => agent.answered);
  const missed = sum((agent) => agent.missedRings);
  const usual = {
    missedRings: missed / (answered + missed),
    ahtMs: sum((agent) => (agent.ahtMs ?? 0) * agent.handled) / handled,
    transferRate: sum((agent) => agent.transferred) / answered,
  };
  const reasonsOf = (agent: Figures): AgentReason[] => {
    const reasons: AgentReason[] = [];
    const compare = (metric: keyof typeof FAR, value: number | null, isEnough: boolean) => {
      if (isEnough && value !== null && value >= FAR[metric] * usual[metric] && usual[metric] > 0)
        reasons.push({ metric, value, usual: usual[metric] });
    };
    const rings = agent.answered + agent.missedRings;
    const isMissing = rings >= minimumSample && agent.missedRings >= RARE;
    compare('missedRings', rings === 0 ? null : agent.missedRings / rings, isMissing);
    compare('ahtMs', agent.ahtMs, agent.handled >= minimumSample);
    const isPassing = agent.answered >= minimumSample && agent.transferred >= RARE;
    compare('transferRate', agent.transferRate, isPassing);
    const { occupancy, signedInMs } = agent;
    const isBusy = occupancy !== null && occupancyLimit !== null && occupancy > occupancyLimit;
    if (isBusy && signedInMs >= DAY_OF_WORK_MS)
      reasons.push({ metric: 'occupancy', value: occupancy, usual: occupancyLimit });
    return reasons;
  };
  const far = ({ reasons }: DashboardAgent) => Math.max(...reasons.map(({ value, usual: by }) => value / by));
  return agents
    .map((agent): DashboardAgent => ({ ...agent, reasons: reasonsOf(agent) }))
    .filter(({ reasons }) => reasons.length > 0)
    .sort(
      (a, b) => b.reasons.length - a.reasons.length || far(b) - far(a) || (a.agentId < b.agentId ? -1 : 1),
    )
    .slice(0, SHOWN);
}
