import { z } from 'zod';
import { text } from './ids.ts';
import { email, madeInvitation, personName } from './people.ts';
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
  email,
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
  hasAdministrator: z.boolean(),
  /** Who is invited to be the first administrator; null once there is one. */
  invited: z
    .object({ name: z.string(), email: z.string(), expiresAt: z.iso.datetime(), isExpired: z.boolean() })
    .nullable(),
});
export type PlatformTenant = z.infer<typeof platformTenant>;

/** Whom a link makes the first administrator of a tenant. */
export const firstAdministrator = z.strictObject({ name: personName, email });
export type FirstAdministrator = z.infer<typeof firstAdministrator>;

/** The first administrator, who invites the others, is whoever makes the tenant, unless the request names another. */
export const newTenantRequest = z.strictObject({
  name,
  timeZone,
  administrator: firstAdministrator.optional(),
});
export type NewTenantRequest = z.infer<typeof newTenantRequest>;

/** Where the request named somebody, with the link, told this once. */
export const madeTenant = platformTenant.extend({ invitation: madeInvitation.nullable() });
export type MadeTenant = z.infer<typeof madeTenant>;

export const tenantRename = z.strictObject({ name });

/** The tenant's name, typed once more: nothing brings it back. */
export const tenantDeletion = z.strictObject({ name: z.string().max(1_000) });
