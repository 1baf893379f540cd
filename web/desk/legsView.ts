import { LEG_COUNTS } from '../../shared/explain/legCounts.ts';
import { type CallsView, callsQueryOf } from './callsView.ts';
import { choiceIn, type Problem } from './view.ts';

/** Which rings or outbound calls an address asks for, beside the time, queues and agent that it shares with calls. Pure. */

const KINDS = Object.values(LEG_COUNTS);

export interface LegsChoice {
  kind: (typeof KINDS)[number];
  /** Only those of a queue: figures of queues count no others. */
  isOfQueues: boolean;
}

export function legsChoiceOf(query: string): LegsChoice & { problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const problems: Problem[] = [];
  const kind = choiceIn(parameters, 'kind', KINDS, problems) ?? 'missed';
  return { kind, isOfQueues: parameters.get('ofQueues') === 'true', problems };
}

/** What the API is asked: of the parameters of calls those that it takes of legs. */
export function legsQueryOf({ period, view }: CallsView, { kind, isOfQueues }: LegsChoice): URLSearchParams {
  const nothing = { counted: [], notCounted: [], transferredTo: [], outcome: null, callId: null };
  const parameters = callsQueryOf({ ...nothing, period, view, minWaitMs: null, maxWaitMs: null });
  parameters.set('kind', kind);
  if (isOfQueues) parameters.set('ofQueues', 'true');
  return parameters;
}
