import { z } from 'zod';
import { id, text } from './ids.ts';
import { ROLES } from './permissions.ts';
import { newPassword } from './rest.ts';

/** The people of a tenant, and how they come in: bodies and answers of `/people`, `/invitations`, `/password-resets`. */

/** Whoever needs more of a centre's sectors needs all of them. */
const SECTORS_LIMIT = 40;
/** Bytes of JSON: sectors travel in the access token, which goes with every request. */
const SECTORS_TEXT_LIMIT = 3_000;

/** Sectors that somebody is held to, by id; an empty list means all of them. */
export const heldSectors = z
  .array(id)
  .max(SECTORS_LIMIT, `must be at most ${SECTORS_LIMIT} sectors`)
  .refine(
    (sectors) => new TextEncoder().encode(JSON.stringify(sectors)).length <= SECTORS_TEXT_LIMIT,
    `must be at most ${SECTORS_TEXT_LIMIT} characters together`,
  );

/** As somebody types it who names somebody else by it. */
export const email = z
  .string({ error: 'must be text' })
  .trim()
  .max(254, 'must be at most 254 characters')
  .pipe(z.email('must be an e-mail address'));

export const personName = text(100).trim().min(1, 'must not be empty');

export const person = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  /** Since when they belong to this tenant. */
  since: z.iso.datetime(),
  /** When one of their sessions here was last renewed; null where none is kept. */
  lastSeenAt: z.iso.datetime().nullable(),
  /** Whoever asks. */
  isSelf: z.boolean(),
});
export type PersonOfTenant = z.infer<typeof person>;

/** Fields left out stay; a role that sees everything empties the sectors. */
export const personChange = z.strictObject({
  role: z.enum(ROLES).optional(),
  sectors: heldSectors.optional(),
});
export type PersonChange = z.infer<typeof personChange>;

export const peopleQuery = z.strictObject({ cursor: z.string().max(1_000).optional() });

export const invitationRequest = z.strictObject({
  email,
  name: personName,
  role: z.enum(ROLES),
  sectors: heldSectors.default([]),
});
export type InvitationRequest = z.infer<typeof invitationRequest>;

/** One that nobody has accepted yet. */
export const invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sectors: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  isExpired: z.boolean(),
});
export type Invitation = z.infer<typeof invitation>;

/** A link that stands for a right, as whoever made it is told of it, once. */
const madeLink = z.object({
  /** What the link ends with; null where only the mail has it. */
  token: z.string().nullable(),
  /** Where PUBLIC_URL says that people reach the server; without it the page knows its own address. */
  link: z.string().nullable(),
  mail: z.enum(['sent', 'failed', 'off']),
});
export type MadeLink = z.infer<typeof madeLink>;

export const madeInvitation = invitation.extend(madeLink.shape);
export type MadeInvitation = z.infer<typeof madeInvitation>;
export const madeReset = madeLink;

/** What a link ends with. It travels in bodies only, which nobody logs. */
const linkToken = z.strictObject({ token: z.string().max(200) });

export const invitationLook = linkToken;
/** What whoever holds the link is told of it. */
export const lookedAtInvitation = z.object({
  tenant: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  /** Then the password of that account has to be given, not another chosen. */
  hasAccount: z.boolean(),
});
export type LookedAtInvitation = z.infer<typeof lookedAtInvitation>;

/** `name` counts for a new account only. */
export const invitationAcceptance = linkToken.extend({
  name: personName.optional(),
  password: z.string().max(1_024),
});

export const resetRequest = z.strictObject({ email: z.string().max(254) });
export const resetLook = linkToken;
export const lookedAtReset = z.object({ email: z.string() });
export type LookedAtReset = z.infer<typeof lookedAtReset>;
export const resetUse = linkToken.extend({ password: newPassword });
