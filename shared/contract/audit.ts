/**
 * Everything the audit may tell of, `noun.verb`: what was done, or was refused. A page of filters reads this list, so a
 * new action is in it by being named here.
 */
export const AUDIT_ACTIONS = [
  'session.started',
  'session.refused',
  'session.switched',
  'session.ended',
  'access.denied',
  'password.changed',
  'person.joined',
  'person.changed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'settings.changed',
  'sector.added',
  'sector.renamed',
  'sector.removed',
  'queue.changed',
  'agent.changed',
  'tenant.created',
  'tenant.renamed',
  'setup.finished',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
