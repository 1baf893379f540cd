import type { LiveSettings } from '../../../shared/contract/settings.ts';
import type { Sight } from '../../access/principal.ts';
import type { Centre } from '../centre.ts';
import { type QueueScope, queueScope } from '../scope.ts';

/** Who is who in a tenant, and what is in force there, as calls are shown by. */
export interface Directory {
  settings: LiveSettings;
  /** How somebody is shown. */
  agent(identity: string): { agentId: string; agentName: string };
  /** The queues somebody sees; null: all. */
  queuesOf(sight: Sight): QueueScope;
}

export async function directoryOf(centre: Centre): Promise<Directory> {
  const { byIdentity } = await centre.people();
  return {
    settings: centre.settings,
    agent(identity) {
      const { agentId, name } = byIdentity.get(identity) ?? { agentId: identity, name: identity };
      return { agentId, agentName: name };
    },
    queuesOf: (sight) => queueScope(centre, sight, { queue: [], sector: [] }),
  };
}
