import { z } from 'zod';
import { id, text } from './ids.ts';
import { definition } from './metrics.ts';
import { FIRST_CONTACT_DAYS_LIMIT } from './settings.ts';

/** Bodies and answers of `/api/v1/settings`: what a tenant decides. Fields left out of a PATCH stay as they are. */

const seconds = (least: number) =>
  z
    .number({ error: 'must be a number of seconds' })
    .int('must be whole seconds')
    .min(least, `must be at least ${least}`)
    .max(86_400, 'must be at most 86400, a day');

const ratio = z
  .number({ error: 'must be a number' })
  .min(0, 'must be at least 0')
  .max(1, 'must be at most 1, which is 100 %');

/** Null: kept. */
const months = z
  .number({ error: 'must be a number of months' })
  .int('must be whole months')
  .min(1, 'must be at least 1')
  .max(999, 'must be at most 999')
  .nullable();

const name = text(100).min(1, 'must not be empty');

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone, like Europe/Berlin');

function isTimeZone(value: string): boolean {
  try {
    // Offsets such as +02:00 are taken here too, but know no summer time.
    return /^[A-Z]/i.test(value) && new Intl.DateTimeFormat('en', { timeZone: value }) !== null;
  } catch {
    return false;
  }
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, like 08:30');

/** One opening on each of some ISO weekdays; one that closes no later than it opens ends on the day after. */
const openingSpan = z.strictObject({
  days: z.array(z.number().int().min(1).max(7)).min(1, 'must name a day').max(7),
  opens: timeOfDay,
  closes: timeOfDay,
});

/** When a queue is open, in the tenant's time zone, the same every week; none at all: never. */
const openingHours = z.array(openingSpan).max(28);
export type OpeningHours = z.output<typeof openingHours>;

/** How long a pause may last before a wall marks it; `reason` null: any reason without a limit of its own. */
const pauseLimit = z.strictObject({
  reason: text(100).min(1, 'must not be empty').nullable(),
  minutes: z
    .number({ error: 'must be a number of minutes' })
    .int('must be whole minutes')
    .min(1, 'must be at least 1')
    .max(1_440, 'must be at most 1440, a day'),
});
export type PauseLimit = z.output<typeof pauseLimit>;

export const tenantFields = {
  name,
  timeZone,
  /** ISO weekday: 1 is Monday. */
  weekStart: z.number().int().min(1).max(7),
  /** Minutes after midnight at which the tenant's day starts [T1]. */
  dayStartMinutes: z
    .number({ error: 'must be a time of day in minutes after midnight' })
    .int()
    .min(0)
    .max(1_439),
  definition,
  /** Switches of the Genesys definition [SL3]. */
  genesysAbandonsOut: z.boolean(),
  genesysShortAbandonsIn: z.boolean(),
  genesysFlowOutsIn: z.boolean(),
  thresholdSeconds: seconds(0),
  shortAbandonSeconds: seconds(0),
  wrapUpSeconds: seconds(0),
  maxWaitSeconds: seconds(1),
  minimumSample: z.number().int().min(0).max(1_000),
  agentUnheardHours: z.number().int().min(1).max(168),
  sourceSilentSeconds: seconds(1),
  pauseLimits: z.array(pauseLimit).max(50),
  serviceLevelTarget: ratio,
  /** Below it the service level is critical. */
  serviceLevelCritical: ratio,
  abandonmentLimit: ratio,
  abandonmentCritical: ratio,
  /** Null in any of these: no such target. */
  completionTarget: ratio.nullable(),
  occupancyLimit: ratio.nullable(),
  asaTargetSeconds: seconds(1).nullable(),
  ahtTargetSeconds: seconds(1).nullable(),
  /** N of [H4]. */
  firstContactDays: z
    .number({ error: 'must be a number of days' })
    .int('must be whole days')
    .min(1, 'must be at least 1')
    .max(FIRST_CONTACT_DAYS_LIMIT, `must be at most ${FIRST_CONTACT_DAYS_LIMIT}`),
  /** Whether answers to surveys, reviews and revenue are taken in; where not, such events are rejected. */
  enableCsat: z.boolean(),
  enableQuality: z.boolean(),
  enableCost: z.boolean(),
  /** How many calls of each agent are to be reviewed in a month. */
  reviewsPerAgentPerMonth: z
    .number({ error: 'must be a number of reviews' })
    .int('must be whole')
    .min(0, 'must be at least 0')
    .max(1_000, 'must be at most 1000'),
  eventRetentionMonths: months,
  factRetentionMonths: months,
  rollupRetentionMonths: months,
};

export const tenantSettings = z.object(tenantFields);
export type TenantSettings = z.output<typeof tenantSettings>;
export const tenantSettingsChange = z.strictObject(tenantFields).partial();
export type TenantSettingsChange = z.output<typeof tenantSettingsChange>;

const queueFields = {
  name,
  sectorId: id,
  /** Null in any of these: as the tenant's settings say. */
  thresholdSeconds: seconds(0).nullable(),
  shortAbandonSeconds: seconds(0).nullable(),
  wrapUpSeconds: seconds(0).nullable(),
  maxWaitSeconds: seconds(1).nullable(),
  /** Null: never closed [T8]. */
  openingHours: openingHours.nullable(),
  /** Null in any of these: as the tenant's settings say. */
  serviceLevelTarget: ratio.nullable(),
  abandonmentLimit: ratio.nullable(),
  asaTargetSeconds: seconds(1).nullable(),
  ahtTargetSeconds: seconds(1).nullable(),
};

export const queueSetting = z.object({ queueId: z.string(), ...queueFields });
export type QueueSetting = z.output<typeof queueSetting>;
export const queueSettingChange = z.strictObject(queueFields).partial();
export type QueueSettingChange = z.output<typeof queueSettingChange>;

const agentFields = {
  name,
  sectorId: id,
  /** Shown where names are not; null: initials. */
  nickname: text(40).min(1, 'must not be empty').nullable(),
};

export const agentSetting = z.object({ agentId: z.string(), ...agentFields });
export type AgentSetting = z.output<typeof agentSetting>;
export const agentSettingChange = z.strictObject(agentFields).partial();
export type AgentSettingChange = z.output<typeof agentSettingChange>;

export const sectorSetting = z.object({ sectorId: z.string(), name: z.string() });
export type SectorSetting = z.output<typeof sectorSetting>;
export const sectorSettingBody = z.strictObject({ name });

export const settingsListQuery = z.strictObject({
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});
export type SettingsListQuery = z.output<typeof settingsListQuery>;
