import type { BoardId } from '../../shared/contract/boards.ts';
import {
  type Audience,
  isHeldToSectors,
  type KeyScope,
  type Role,
  roleMay,
  scopesAllow,
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

/** A display on a wall. */
export interface ScreenPrincipal {
  kind: 'screen';
  tenantId: string;
  screenId: string;
  name: string;
  board: BoardId;
  sectors: readonly string[];
  audience: Audience;
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
  | ScreenPrincipal;

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

/** Whether somebody may follow live numbers over a socket. */
export function mayWatch(principal: Principal): boolean {
  switch (principal.kind) {
    case 'account':
      return roleMay(principal.role, 'live:read');
    case 'key':
      return scopesAllow(principal.scopes, 'live:read');
    case 'screen':
      return true;
  }
}

/** How much of a tenant somebody sees: in every answer, on every socket, in every export. */
export interface Sight {
  /** Null: all of them. */
  sectors: ReadonlySet<string> | null;
  audience: Audience;
}

export const WHOLE_SIGHT: Sight = { sectors: null, audience: 'supervisor' };

/** Equal for equal sights, however their sectors are listed. */
export function nameOfSight({ sectors, audience }: Sight): string {
  return JSON.stringify([audience, sectors && [...sectors].sort()]);
}

/** Whether somebody may do and sees what he did before. */
export function isSameStanding(before: Principal, now: Principal): boolean {
  const roles = [before, now].map((one) => (one.kind === 'account' ? one.role : null));
  return roles[0] === roles[1] && nameOfSight(sightOf(before)) === nameOfSight(sightOf(now));
}

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
