import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from './principal.ts';

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
