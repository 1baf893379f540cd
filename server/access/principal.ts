import type { KeyScope, Role } from '../../shared/contract/permissions.ts';

/** Who a request or a socket speaks for: a person in one tenant, or a key of one. `expiresAt` in epoch ms. */
export type Principal =
  | { kind: 'account'; tenantId: string; accountId: string; email: string; role: Role; expiresAt: number }
  | { kind: 'key'; tenantId: string; keyId: string; scopes: KeyScope[]; expiresAt: null };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `access.guard`; reading it on a route without a guard throws. */
    principal: Principal;
  }
}
