import {
  type Audience,
  isHeldToSectors,
  type KeyScope,
  type Role,
} from '../../shared/contract/permissions.ts';

/** A person, signed in to one tenant; `sessionId` is the family of the session's refresh tokens. Instants in epoch ms. */
export interface Person {
  kind: 'account';
  tenantId: string;
  accountId: string;
  sessionId: string;
  email: string;
  role: Role;
  /** What the membership names: none means all. */
  sectors: readonly string[];
  /** Runs the installation: see `platform:manage`. */
  isPlatformOwner: boolean;
  issuedAt: number;
  expiresAt: number;
}

/** Who a request or a socket speaks for: a person, a key of a tenant, or a screen on a wall. */
export type Principal =
  | Person
  | {
      kind: 'key';
      tenantId: string;
      keyId: string;
      name: string;
      scopes: KeyScope[];
      expiresAt: number | null;
    }
  | {
      kind: 'screen';
      tenantId: string;
      screenId: string;
      name: string;
      board: string;
      sectors: readonly string[];
      audience: Audience;
      expiresAt: number;
    };

/** What a change of somebody's access is announced under. */
export function idOf(principal: Principal): string {
  switch (principal.kind) {
    case 'account':
      return principal.accountId;
    case 'key':
      return principal.keyId;
    case 'screen':
      return principal.screenId;
  }
}

/** How much of a tenant somebody sees: in every answer, on every socket, in every export. */
export interface Sight {
  /** Null: all of them. */
  sectors: ReadonlySet<string> | null;
  audience: Audience;
}

export const WHOLE_SIGHT: Sight = { sectors: null, audience: 'supervisor' };

export function sightOf(principal: Principal): Sight {
  switch (principal.kind) {
    case 'account':
      return isHeldToSectors(principal.role)
        ? { sectors: only(principal.sectors), audience: 'supervisor' }
        : WHOLE_SIGHT;
    case 'key':
      return WHOLE_SIGHT;
    case 'screen':
      return { sectors: only(principal.sectors), audience: principal.audience };
  }
}

function only(sectors: readonly string[]): ReadonlySet<string> | null {
  return sectors.length === 0 ? null : new Set(sectors);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `access.guard`; reading it on a route without a guard throws. */
    principal: Principal;
  }
}
