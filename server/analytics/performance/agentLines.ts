import type { AgentLine, AgentsQuery, TimeGroup } from '../../../shared/contract/analyticsQuery.ts';
import { type Asked, ask, isoOf, rangeOf } from '../asked.ts';
import { bucketsOf, daysBetween } from '../calendar.ts';
import type { Agent } from '../people.ts';
import { piecesOf } from '../pieces.ts';
import { agentRowOf, readAgentSteps } from './agentRows.ts';

/** A small line has no room for more points, and a thousand agents have as many lines. */
const POINTS = 31;
const WEEK_DAYS = 7;

interface Lines {
  /** A value for each step, in their order. */
  lineOf(agentId: string): (number | null)[];
  lineSteps: { start: string; end: string }[];
}

/**
 * How each of some agents did from step to step of the range: by day, week or month, whichever is the shortest of which
 * there are at most 31 or so. One query for all of them. With `queues` counts are of those alone, as in their rows. Days are
 * the tenant's: others have been refused.
 */
export async function agentLines(
  asked: Asked,
  query: AgentsQuery & { line: AgentLine },
  people: readonly Agent[],
  queues: readonly string[] | null,
): Promise<Lines> {
  const { centre, now } = asked;
  const { tenantId, settings } = centre;
  const { range, calendar } = rangeOf(centre, query);
  const step = stepOf(daysBetween(range.startDate, range.endDate) + 1);
  const steps = bucketsOf(range, step, calendar).filter(({ start }) => start <= now);
  const starts = steps.map(({ start }) => start);
  const question = {
    pieces: steps.length > 0 ? piecesOf(range, calendar, step === 'month' ? 'month' : 'day') : [],
    identities: people.map(({ identity }) => identity),
  };
  const [whole, inQueues] = await ask(asked, (tx) =>
    Promise.all([
      readAgentSteps(tx, tenantId, question, starts, null),
      queues === null ? null : readAgentSteps(tx, tenantId, question, starts, queues),
    ]),
  );
  const nameOf = (identity: string, place: number) => `${place} ${identity}`;
  const byName = (steps: typeof whole) =>
    new Map(steps.map(({ place, group }) => [nameOf(group.identity, place), group]));
  const wholeBy = byName(whole);
  const inQueuesBy = inQueues === null ? wholeBy : byName(inQueues);
  const byId = new Map(people.map((agent) => [agent.agentId, agent]));
  return {
    lineSteps: steps.map(({ start, end }) => ({ start: isoOf(start), end: isoOf(end) })),
    lineOf(agentId) {
      const agent = byId.get(agentId);
      return steps.map((_, place) => {
        const name = agent === undefined ? '' : nameOf(agent.identity, place);
        const [group, inQueues] = [wholeBy.get(name), inQueuesBy.get(name)];
        if (agent === undefined || (group === undefined && inQueues === undefined)) return null;
        return agentRowOf(agent, inQueues?.legs, group, settings.minimumSample)[query.line];
      });
    },
  };
}

function stepOf(days: number): TimeGroup {
  if (days <= POINTS) return 'day';
  return days <= POINTS * WEEK_DAYS ? 'week' : 'month';
}
