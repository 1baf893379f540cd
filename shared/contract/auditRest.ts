import { z } from 'zod';
import { AUDIT_ACTIONS } from './audit.ts';
import { id } from './ids.ts';

/** Parameters and answers of `/api/v1/audit`. */

const date = z.iso.date({ error: 'must be a date, like 2026-11-25' });

const filters = {
  action: z.enum(AUDIT_ACTIONS).optional(),
  /** An id, or a part of the name. */
  actor: id.optional(),
  subject: id.optional(),
  /** Days where the tenant is, both included. */
  startDate: date.optional(),
  endDate: date.optional(),
};

export const auditFilters = z.strictObject(filters);
export type AuditFilters = z.output<typeof auditFilters>;

export const auditQuery = z.strictObject({
  ...filters,
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

const values = z.record(z.string(), z.unknown()).nullable();

/** One thing that was done or refused; ids and names are those of then. `before` and `after` hold what differs. */
export const auditRecord = z.object({
  id: z.uuid(),
  /** To the microsecond, in UTC. */
  occurredAt: z.string(),
  actor: z.object({
    kind: z.enum(['account', 'key', 'screen', 'system', 'stranger']),
    id: z.string().nullable(),
    name: z.string(),
  }),
  /** One of `AUDIT_ACTIONS`, or one that an earlier release knew. */
  action: z.string(),
  subject: z.object({ id: z.string(), name: z.string() }).nullable(),
  before: values,
  after: values,
  address: z.string().nullable(),
  requestId: z.string().nullable(),
});
export type AuditRecord = z.output<typeof auditRecord>;
