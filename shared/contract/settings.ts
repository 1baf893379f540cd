import type { Definition, Targets } from './metrics.ts';
import type { OpeningHours, PauseLimit } from './settingsRest.ts';

/** What a tenant decides about one queue; absent fields fall back to the tenant's defaults. */
export interface QueueSettings {
  name: string;
  sectorId: string;
  /** Service level threshold T [SL0]. */
  thresholdSeconds: number | null;
  shortAbandonSeconds: number | null;
  /** Configured wrap-up where the source reports none [A5]. */
  wrapUpSeconds: number | null;
  /** A caller waiting longer than this is a ghost [V10]. */
  maxWaitSeconds: number | null;
  /** Null: never closed [T8]. */
  openingHours: OpeningHours | null;
  /** Those of its own, in place of the tenant's. */
  targets: Partial<Targets>;
}

export interface AgentSettings {
  name: string;
  sectorId: string;
  /** What stands on a wall that shows no names, in place of initials; null: initials. */
  nickname: string | null;
}

/** Everything the pure core needs to know about a tenant to fold and to measure. Plain data; built by server/live. */
export interface LiveSettings {
  timeZone: string;
  /** Minutes after local midnight at which the tenant's day starts [T1]. */
  dayStartMinutes: number;
  definition: Definition;
  /** Switches of [SL3]. */
  genesys: { abandonsOut: boolean; shortAbandonsIn: boolean; flowOutsIn: boolean };
  thresholdSeconds: number;
  shortAbandonSeconds: number;
  wrapUpSeconds: number;
  maxWaitSeconds: number;
  /** Below this many observations a value is marked lowSample [T4]. */
  minimumSample: number;
  /** N of [H4]. */
  firstContactDays: number;
  /** An agent unheard for this long is offline from then [A1]. */
  agentUnheardHours: number;
  /** A source unheard for this long is shown as silent [L9]. */
  sourceSilentSeconds: number;
  pauseLimits: readonly PauseLimit[];
  targets: Targets;
  queues: Map<string, QueueSettings>;
  agents: Map<string, AgentSettings>;
  sectors: Map<string, string>;
  /** Names that belong to another agent: alias → agent id. */
  aliases: Map<string, string>;
}

/** The sector that queues and agents nobody has assigned yet belong to. */
export const UNASSIGNED_SECTOR = 'unassigned';

/** The most days [H4] can look ahead: roll-ups hold no more. */
export const FIRST_CONTACT_DAYS_LIMIT = 60;

export const DEFAULT_SETTINGS: LiveSettings = {
  timeZone: 'UTC',
  dayStartMinutes: 0,
  definition: 'standard',
  genesys: { abandonsOut: false, shortAbandonsIn: false, flowOutsIn: false },
  thresholdSeconds: 20,
  shortAbandonSeconds: 5,
  wrapUpSeconds: 0,
  maxWaitSeconds: 7_200,
  minimumSample: 10,
  firstContactDays: 7,
  agentUnheardHours: 24,
  sourceSilentSeconds: 900,
  pauseLimits: [],
  targets: {
    serviceLevel: 0.8,
    serviceLevelCritical: 0.6,
    abandonmentRate: 0.05,
    abandonmentCritical: 0.1,
    completionRate: null,
    occupancy: null,
    asaMs: null,
    ahtMs: null,
  },
  queues: new Map(),
  agents: new Map(),
  sectors: new Map([[UNASSIGNED_SECTOR, 'Unassigned']]),
  aliases: new Map(),
};
