/**
 * Who may do what: the one table, by which the server refuses and the page hides. Without schemas, so that the page can
 * have it. A route names what it needs; a test walks every route with every role and key against this table.
 */

export const ROLES = ['admin', 'manager', 'supervisor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may be made for. */
export const KEY_SCOPES = ['events:write', 'live:read', 'analytics:read'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/**
 * Before whom a board hangs, which decides what of people leaves the server [S81]:
 *
 *   supervisor   names
 *   floor        initials or nicknames; ids that tell nobody apart from himself
 *   visitor      no person at all
 */
export const AUDIENCES = ['supervisor', 'floor', 'visitor'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What a route may ask for: a scope that keys can have too, or a right of people only. */
export type Permission =
  | KeyScope
  | 'account:own'
  | 'audit:read'
  | 'keys:manage'
  | 'people:manage'
  | 'platform:manage'
  | 'quality:manage'
  | 'quality:read'
  | 'quality:score'
  | 'screens:manage'
  | 'settings:manage';

/** Which roles may do it. A key may do what its scopes name and nothing else. */
const ALLOWED: Record<Permission, readonly Role[]> = {
  'live:read': ['admin', 'manager', 'supervisor', 'viewer'],
  'analytics:read': ['admin', 'manager', 'supervisor', 'viewer'],
  'account:own': ROLES,
  // Importing and posting change every number, so it takes more than looking at them.
  'events:write': ['admin', 'manager'],
  'settings:manage': ['admin', 'manager'],
  // Those of her own sectors, where she is held to some.
  'screens:manage': ['admin', 'manager', 'supervisor'],
  'keys:manage': ['admin'],
  'people:manage': ['admin'],
  'audit:read': ['admin'],
  // What is said of single people's work. Of the agents of her own sectors, where she is held to some.
  'quality:read': ['admin', 'manager', 'supervisor'],
  'quality:score': ['admin', 'manager', 'supervisor'],
  // Forms, and the last word where an agent disputes a score.
  'quality:manage': ['admin', 'manager'],
  // Of no role: a platform owner stands beside the roles, and is none of them by it.
  'platform:manage': [],
};

export function roleMay(role: Role, permission: Permission): boolean {
  return ALLOWED[permission].includes(role);
}

/** A person in a tenant: by role there, and by running the installation. */
export function personMay(person: { role: Role; isPlatformOwner: boolean }, permission: Permission): boolean {
  return roleMay(person.role, permission) || (permission === 'platform:manage' && person.isPlatformOwner);
}

export function scopesAllow(scopes: readonly KeyScope[], permission: Permission): boolean {
  return scopes.some((scope) => scope === permission);
}

/** Whether a role can be held to some sectors; the others see all there is, whatever their membership names. */
export function isHeldToSectors(role: Role): boolean {
  return role === 'supervisor' || role === 'viewer';
}
