import { createHmac, randomBytes } from 'node:crypto';

/**
 * What stands for agents' ids where nobody's name is shown: the same for an agent in every value and answer of this
 * process, another after a restart. Made with a secret that never leaves the process, so nobody finds an id by hashing
 * those he knows; so long (128 bits) that no two agents meet in one.
 */
export type PseudonymOf = (agentId: string) => string;

/** Of each tenant its own: two tenants that share an agent's name share no pseudonym. */
export type Pseudonyms = (tenantId: string) => PseudonymOf;

export function createPseudonyms(secret: Buffer = randomBytes(32)): Pseudonyms {
  return (tenantId) => (agentId) =>
    createHmac('sha256', secret)
      .update(`${tenantId}\0${agentId}`)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
}
