import { z } from 'zod';
import { parseInstant } from './events.ts';
import { id, text } from './ids.ts';
import {
  agentView,
  callView,
  definition,
  queueMetrics,
  sectorMetrics,
  sourceView,
  totalMetrics,
  window,
} from './metrics.ts';
import { KEY_SCOPES, ROLES } from './permissions.ts';
import { sectorSetting } from './settingsRest.ts';

/** Bodies, parameters and answers of `/api/v1`. One envelope: `{ data, meta }`; errors: shared/contract/errors.ts. */

/** Wraps an answer's schema in the envelope. */
export function envelope<T extends z.ZodType>(data: T) {
  return z.object({
    data,
    meta: z.object({ seq: z.number().optional(), nextCursor: z.string().nullable().optional() }).optional(),
  });
}

/** Shorter ones are found by trying. */
export const PASSWORD_LENGTH = 8;

export const sessionRequest = z.strictObject({
  email: z.string().max(254),
  password: z.string().max(1_024),
});

/** What the sign-in page may offer besides a password. */
export const signInOptions = z.object({
  /** The identity provider's name for a button; null where there is none. */
  sso: z.object({ name: z.string() }).nullable(),
  /** Whether this server sends mail, which a forgotten password takes. */
  mail: z.boolean(),
});
export type SignInOptions = z.infer<typeof signInOptions>;

export const session = z.object({
  accessToken: z.string(),
  expiresAt: z.iso.datetime(),
  account: z.object({
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    /** Those the account is held to in this tenant, by name; null where it sees all. */
    sectors: z.array(sectorSetting).nullable(),
    isPlatformOwner: z.boolean(),
  }),
  /** `weekStart`: ISO weekday, 1 is Monday; `dayStartMinutes`: after midnight [T1]. */
  tenant: z.object({
    id: z.uuid(),
    name: z.string(),
    timeZone: z.string(),
    weekStart: z.number().int(),
    dayStartMinutes: z.number().int(),
  }),
  /** Every tenant the account may switch to, this one among them; by name. */
  tenants: z.array(z.object({ id: z.uuid(), name: z.string() })),
});
export type Session = z.infer<typeof session>;

export const sessionSwitch = z.strictObject({ tenantId: z.uuid() });

export const apiKeyRequest = z.strictObject({
  name: text(100).min(1, 'must not be empty'),
  scopes: z.array(z.enum(KEY_SCOPES)).min(1, 'must name at least one scope'),
  /** When it ends by itself; left out, it does not. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

/** How long a key still holds after another has taken its place: senders are changed one by one. */
export const keyRotation = z.strictObject({ overlapHours: z.number().int().min(0).max(720).default(24) });

/** One place in which somebody is signed in; `userAgent` and `address` are what its last renewal said. */
export const ownSession = z.object({
  id: z.uuid(),
  startedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  userAgent: z.string(),
  address: z.string(),
  isCurrent: z.boolean(),
});

export type OwnSession = z.infer<typeof ownSession>;

export const newPassword = z
  .string()
  .min(PASSWORD_LENGTH, `must have at least ${PASSWORD_LENGTH} characters`)
  .max(1_024);

export const passwordChange = z.strictObject({
  currentPassword: z.string().max(1_024),
  newPassword,
});

/** The secret `key` is shown once, in the answer that creates it; afterwards only `prefix`. */
export const apiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  createdAt: z.iso.datetime(),
  /** To the minute. */
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
export const createdApiKey = apiKey.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const rejection = z.object({
  index: z.number().int().optional(),
  line: z.number().int().optional(),
  field: z.string(),
  message: z.string(),
});

/** What an ingest request did. `rejected` and `warnings` are counts; `rejections` holds the first 100. */
export const ingestAnswer = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.number().int(),
  warnings: z.number().int(),
  lastSeq: z.number().int(),
  rejections: z.array(rejection),
});
export type IngestAnswer = z.infer<typeof ingestAnswer>;

/** The first this many rejections travel with an answer; all of them are kept in `ingest_rejections`. */
export const REJECTIONS_SHOWN = 100;

const instantParameter = z
  .string()
  .refine((value) => Number.isFinite(parseInstant(value)), 'must be an ISO 8601 instant with a zone')
  .transform(parseInstant);

const wholeSeconds = z.coerce.number({ error: 'must be a number of seconds' }).int().min(0).max(86_400);

export const liveQuery = z.strictObject({
  window: window.default('today'),
  asOf: instantParameter.optional(),
  definition: definition.optional(),
  threshold: wholeSeconds.optional(),
  shortAbandon: wholeSeconds.optional(),
  minSeq: z.coerce.number().int().min(0).optional(),
});
export type LiveQuery = z.output<typeof liveQuery>;

export const liveListQuery = z.strictObject({
  asOf: instantParameter.optional(),
  minSeq: z.coerce.number().int().min(0).optional(),
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

export const liveQueuesQuery = liveQuery.extend({
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

export const liveMetrics = z.object({
  asOf: z.iso.datetime(),
  seq: z.number().int(),
  window,
  totals: totalMetrics,
  sectors: z.array(sectorMetrics),
  queues: z.array(queueMetrics),
});
export type LiveMetrics = z.infer<typeof liveMetrics>;

export const liveQueues = z.object({
  asOf: z.iso.datetime(),
  seq: z.number().int(),
  window,
  queues: z.array(queueMetrics),
});
export const liveAgents = z.object({
  asOf: z.iso.datetime(),
  seq: z.number().int(),
  agents: z.array(agentView),
});
export const liveCalls = z.object({
  asOf: z.iso.datetime(),
  seq: z.number().int(),
  calls: z.array(callView),
});

/** Of the live half and of the other. */
export const liveHealth = z.object({
  asOf: z.iso.datetime(),
  database: z.object({ up: z.boolean(), since: z.iso.datetime().nullable() }),
  listener: z.object({
    up: z.boolean(),
    lastHeardAt: z.iso.datetime().nullable(),
    rebuilds: z.number().int(),
  }),
  feed: z.object({
    seq: z.number().int(),
    headSeq: z.number().int(),
    lagMs: z.number(),
    caughtUp: z.boolean(),
  }),
  /** How far what is read of the past is behind the log; null while the database does not answer. */
  history: z
    .object({
      seq: z.number().int(),
      headSeq: z.number().int(),
      lagMs: z.number(),
      /** Days that are being recounted. */
      staleDays: z.number().int(),
      /** Days whose figures were found not to agree with live or with the log [R1]. */
      differentDays: z.number().int(),
    })
    .nullable(),
  sources: z.array(sourceView),
  sockets: z.object({ connected: z.number().int(), behind: z.number().int(), streams: z.number().int() }),
  memory: z.object({ rssBytes: z.number().int(), heapUsedBytes: z.number().int() }),
});
