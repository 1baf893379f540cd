/**
 * Everything the audit may tell of, `noun.verb`: what was done, or was refused. A page of filters reads this list, so a
 * new action is in it by being named here.
 */
export const AUDIT_ACTIONS = [
  'session.started',
  'session.refused',
  'session.ended',
  'access.denied',
  'password.changed',
  'password.reset_link_made',
  'password.reset',
  'person.invited',
  'person.joined',
  'person.changed',
  'person.removed',
  'invitation.renewed',
  'invitation.revoked',
  'key.created',
  'key.rotated',
  'key.revoked',
  'screen.paired',
  'screen.changed',
  'screen.revoked',
  'screen.lost',
  'screen.returned',
  'screen.commanded',
  'settings.changed',
  'sector.added',
  'sector.renamed',
  'sector.removed',
  'queue.changed',
  'agent.changed',
  'import.finished',
  'audit.exported',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
