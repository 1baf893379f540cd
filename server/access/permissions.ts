import type { KeyScope, Role } from '../../shared/contract/rest.ts';
import type { Principal } from './principal.ts';

/** What a route may ask for: a scope that keys can have too, or a right of people only. */
export type Permission = KeyScope | 'keys:manage' | 'settings:manage';

/** Which roles may do it. A key may do what its scopes name and nothing else. */
const ALLOWED: Record<Permission, readonly Role[]> = {
  'live:read': ['admin', 'manager', 'supervisor', 'viewer'],
  // Importing and posting change every number, so it takes more than looking at them.
  'events:write': ['admin', 'manager'],
  'settings:manage': ['admin', 'manager'],
  'keys:manage': ['admin'],
};

export function isAllowed(principal: Principal, need: Permission): boolean {
  if (principal.kind === 'account') return ALLOWED[need].includes(principal.role);
  return principal.scopes.some((scope) => scope === need);
}
