import type { KeyScope, Role } from '../../shared/contract/permissions.ts';

/** A person, signed in to one tenant; `sessionId` is the family of the session's refresh tokens. Instants in epoch ms. */
export interface Person {
  kind: 'account';
  tenantId: string;
  accountId: string;
  sessionId: string;
  email: string;
  role: Role;
  issuedAt: number;
  expiresAt: number;
}

/** Who a request or a socket speaks for: a person, or a key of a tenant. */
export type Principal =
  | Person
  | { kind: 'key'; tenantId: string; keyId: string; scopes: KeyScope[]; expiresAt: number | null };

/** What a change of somebody's access is announced under. */
export function idOf(principal: Principal): string {
  return principal.kind === 'account' ? principal.accountId : principal.keyId;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `access.guard`; reading it on a route without a guard throws. */
    principal: Principal;
  }
}
