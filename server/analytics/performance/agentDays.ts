import type { z } from 'zod';
import type { AgentDay, agentDaysAnswer, Computed } from '../../../shared/contract/analytics.ts';
import type { AgentDaysQuery } from '../../../shared/contract/analyticsQuery.ts';
import { readSpent, type SpentBySpan } from '../../history/rollUps/facts.ts';
import { type Asked, ask, metaOf, rangeOf } from '../asked.ts';
import { bucketsOf, dateAt } from '../calendar.ts';
import { piecesOf } from '../pieces.ts';
import { agentInSight } from './agent.ts';
import { agentRowOf, readAgentByDay } from './agentRows.ts';
import { expectOwnDays } from './agents.ts';
import { explainTemplate } from './explainLinks.ts';
import { isRecounting } from './summary.ts';

type AgentDays = Computed<z.infer<typeof agentDaysAnswer>>;

/**
 * What an agent did on each day on which he was there. Reasons of pauses are added up from his timeline, which is kept as
 * long as visits are; the rest is of roll-ups.
 */
export async function agentDays(asked: Asked, agentId: string, query: AgentDaysQuery): Promise<AgentDays> {
  const { centre, now } = asked;
  const { tenantId, calendar, settings } = centre;
  const found = await agentInSight(asked, agentId);
  expectOwnDays(asked, query, 'ask /agents/:id for one of its days, or several together');
  const { range } = rangeOf(centre, query);
  const days = bucketsOf(range, 'day', calendar).filter(({ start }) => start <= now);
  const starts = days.map(({ start }) => start);
  const question = { pieces: piecesOf(range, calendar, 'day'), identities: [found.identity] };
  const [groups, spent] = await ask(asked, (tx) =>
    Promise.all([
      readAgentByDay(tx, tenantId, question, starts),
      readSpent(
        tx,
        tenantId,
        days.map(({ start, end }) => ({ id: found.identity, start, end })),
        now,
      ),
    ]),
  );
  const data = days.flatMap(({ start }, place): AgentDay[] => {
    const whole = groups.get(place);
    if (whole === undefined) return [];
    const {
      agentId: _,
      name: __,
      sectorId: ___,
      ...row
    } = agentRowOf(found, whole.legs, whole, settings.minimumSample);
    return [{ date: dateAt(start, calendar), ...row, pauses: pausesOf(spent[place] ?? []) }];
  });
  return {
    data,
    meta: {
      ...metaOf(asked, query, isRecounting(centre)),
      explain: explainTemplate({ ...query, agent: found.agentId }, { startDate: 'date', endDate: 'date' }),
    },
  };
}

/** The longest first. */
function pausesOf(spent: readonly SpentBySpan[]): AgentDay['pauses'] {
  return spent
    .filter(({ state, ms }) => state === 'paused' && ms > 0)
    .map(({ reason, ms }) => ({ reason, ms: Math.round(ms) }))
    .sort((a, b) => b.ms - a.ms);
}
