/**
 * Who may do what: the one table, by which the server refuses and the page hides. Without schemas, so that the page can
 * have it. A route names what it needs; a test walks every route with every role and key against this table.
 */

export const ROLES = ['admin', 'manager', 'supervisor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may be made for. */
export const KEY_SCOPES = ['events:write', 'live:read'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** What a route may ask for: a scope that keys can have too, or a right of people only. */
export type Permission = KeyScope | 'account:own' | 'keys:manage' | 'settings:manage';

/** Which roles may do it. A key may do what its scopes name and nothing else. */
const ALLOWED: Record<Permission, readonly Role[]> = {
  'live:read': ['admin', 'manager', 'supervisor', 'viewer'],
  'account:own': ROLES,
  // Importing and posting change every number, so it takes more than looking at them.
  'events:write': ['admin', 'manager'],
  'settings:manage': ['admin', 'manager'],
  'keys:manage': ['admin'],
};

export function roleMay(role: Role, permission: Permission): boolean {
  return ALLOWED[permission].includes(role);
}

export function scopesAllow(scopes: readonly KeyScope[], permission: Permission): boolean {
  return scopes.some((scope) => scope === permission);
}
