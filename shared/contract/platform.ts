import { z } from 'zod';
import { text } from './ids.ts';
import { newPassword } from './rest.ts';
import { timeZone } from './settingsRest.ts';

/** Bodies and answers of `/setup` and `/platform`: how an installation begins, and its call centres. */

const name = text(100).trim().min(1, 'must not be empty');

/** What anybody may know of an installation: whether it still waits to be set up, and whether a demo plays meanwhile. */
export const setupState = z.object({ isOpen: z.boolean(), hasDemo: z.boolean() });
export type SetupState = z.infer<typeof setupState>;

export const setupRequest = z.strictObject({
  /** The one printed at start. */
  token: z.string().max(200),
  name,
  email: z
    .string({ error: 'must be text' })
    .trim()
    .max(254, 'must be at most 254 characters')
    .pipe(z.email('must be an e-mail address')),
  password: newPassword,
  centreName: name,
  timeZone,
  /** `demo` keeps the demo call centre under this name; `own` begins an empty one. */
  source: z.enum(['demo', 'own']),
});
export type SetupRequest = z.infer<typeof setupRequest>;

export const platformTenant = z.object({
  id: z.uuid(),
  name: z.string(),
  /** What the command line calls it. */
  slug: z.string(),
  createdAt: z.iso.datetime(),
  people: z.number().int(),
  /** When its telephone systems were last heard; null where they never were. */
  lastEventAt: z.iso.datetime().nullable(),
  /** Whether whoever asks is signed in to it. */
  isCurrent: z.boolean(),
});
export type PlatformTenant = z.infer<typeof platformTenant>;

/** Whoever makes a tenant becomes its first administrator, and invites the others. */
export const newTenantRequest = z.strictObject({ name, timeZone });
export const tenantRename = z.strictObject({ name });

/** The tenant's name, typed once more: nothing brings it back. */
export const tenantDeletion = z.strictObject({ name: z.string().max(1_000) });
