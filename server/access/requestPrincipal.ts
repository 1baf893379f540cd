import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../http/errors.ts';
import type { Person, Principal } from './principal.ts';

/** Gives every request its `principal`; reading it where no guard has set it is a defect, and says so. */
export function decoratePrincipal(app: FastifyInstance): void {
  const principals = new WeakMap<FastifyRequest, Principal>();
  app.decorateRequest('principal', {
    getter() {
      const principal = principals.get(this);
      if (principal) return principal;
      throw new Error(`no guard on ${this.routeOptions.method} ${this.routeOptions.url}`);
    },
    setter(principal) {
      principals.set(this, principal);
    },
  });
}

/** Keys and screens have no account: the table of permissions keeps them out of what only people may do. */
export function personOf({ principal }: FastifyRequest): Person {
  if (principal.kind !== 'account') throw new AppError('forbidden');
  return principal;
}
