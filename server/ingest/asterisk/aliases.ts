import { identityOf } from '../../../shared/live/identity.ts';
import type { QueueLogLine } from './line.ts';

/** Two names of one agent: the interface that joined a queue, and the person who signed in. */
export interface InferredAlias {
  alias: string;
  agent: string;
}

const REACH_MS = 2_000;
/** Sign-ins remembered at once: one lasts two seconds of log [L13]. */
const KEPT = 1_000;
const NO_ALIASES: ReadonlyMap<string, string> = new Map();

/**
 * ADDMEMBER and AGENTCALLBACKLOGIN with one call id within two seconds are one agent, in either order. Where the two
 * names share an extension the live state knows it by itself (`identityOf`), and no alias is needed.
 */
export function createAliasInference(): (line: QueueLogLine) => InferredAlias | null {
  const recent = new Map<string, QueueLogLine>();

  return (line) => {
    if (line.event !== 'ADDMEMBER' && line.event !== 'AGENTCALLBACKLOGIN') return null;
    if (!/\d/.test(line.callId) || line.agent === '' || line.agent === 'NONE') return null;
    const other = recent.get(line.callId);
    if (other === undefined || other.event === line.event || Math.abs(other.at - line.at) > REACH_MS) {
      if (recent.size >= KEPT) recent.clear();
      recent.set(line.callId, line);
      return null;
    }
    const [alias, agent] = line.event === 'ADDMEMBER' ? [line.agent, other.agent] : [other.agent, line.agent];
    return identityOf(alias, NO_ALIASES) === identityOf(agent, NO_ALIASES) ? null : { alias, agent };
  };
}
