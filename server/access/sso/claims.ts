import { isHeldToSectors, ROLES, type Role } from '../../../shared/contract/permissions.ts';
import type { SsoConfig } from './ssoConfig.ts';

/** What an identity provider says of somebody, whatever it holds. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody an identity provider vouches for. */
export interface Vouched {
  issuer: string;
  subject: string;
  email: string;
  name: string;
  /** Null where the provider does not decide what people may do here: then their membership does. */
  rights: { role: Role; sectors: string[] } | null;
}

/** Why somebody the provider knows does not come in; the sign-in page has a sentence for each. */
export type SsoRefusal =
  | 'noEmail'
  | 'unverifiedEmail'
  | 'noRole'
  | 'noSector'
  | 'notInvited'
  | 'addressTaken'
  | 'failed';

export class SsoRefused extends Error {
  readonly reason: SsoRefusal;

  constructor(reason: SsoRefusal) {
    super(`single sign-on: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Reads a person off the claims: throws `SsoRefused` where they are not enough. An e-mail address counts only when the
 * provider says it has verified it, for whoever may write his own there could write anybody's.
 *
 * `sectors` are those there are, id and name: a claim names either, in any case; what it names besides is ignored.
 * Nothing that fits is a refusal, never everything: no sectors at all would mean all of them.
 */
export function vouchedBy(
  claims: Claims,
  config: Pick<SsoConfig, 'emailTrusted' | 'roles' | 'roleClaim' | 'sectorsClaim'>,
  sectors: readonly { id: string; name: string }[],
): Vouched {
  const { iss, sub, email, email_verified: verified } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '') throw new SsoRefused('failed');
  if (typeof email !== 'string' || !/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(email))
    throw new SsoRefused('noEmail');
  if (!config.emailTrusted && verified !== true && verified !== 'true')
    throw new SsoRefused('unverifiedEmail');
  const name = [claims.name, claims.preferred_username, email].find(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  );
  return {
    issuer: iss,
    subject: sub,
    email: email.trim(),
    name: (name ?? email).trim().slice(0, 100),
    rights: config.roles === null ? null : rightsBy(claims, { ...config, roles: config.roles }, sectors),
  };
}

function rightsBy(
  claims: Claims,
  { roles, roleClaim, sectorsClaim }: Pick<SsoConfig, 'roleClaim' | 'sectorsClaim'> & { roles: RoleValues },
  known: readonly { id: string; name: string }[],
): { role: Role; sectors: string[] } {
  const values = new Set(textsAt(claims, roleClaim));
  // The first in the order of ROLES: of several groups the one that may most.
  const role = ROLES.find((each) => roles[each]?.some((value) => value === ANY || values.has(value)));
  if (role === undefined) throw new SsoRefused('noRole');
  if (sectorsClaim === null || !isHeldToSectors(role)) return { role, sectors: [] };
  const named = new Set(textsAt(claims, sectorsClaim).map((text) => text.toLowerCase()));
  if (named.has(ANY)) return { role, sectors: [] };
  const sectors = known
    .filter(({ id, name }) => named.has(id.toLowerCase()) || named.has(name.toLowerCase()))
    .map(({ id }) => id);
  if (sectors.length === 0) throw new SsoRefused('noSector');
  return { role, sectors };
}

/** Which values of the role claim make somebody what. */
export type RoleValues = Partial<Record<Role, readonly string[]>>;

/** Stands for whatever a claim says, or leaves out. */
export const ANY = '*';

/** The texts a claim holds, one or a list; `a.b` is also looked for as `b` within `a`, where Keycloak keeps roles. */
function textsAt(claims: Claims, path: string): string[] {
  let value: unknown = claims[path];
  if (value === undefined) {
    value = path
      .split('.')
      .reduce<unknown>(
        (at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
        claims,
      );
  }
  return [value].flat().filter((text): text is string => typeof text === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
