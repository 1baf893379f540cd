import { Refused } from './ask.ts';
import { i18n } from './i18n.ts';

/** The fields the server may name. */
const FIELDS: Record<string, string> = { password: 'signIn.password', name: 'link.name' };
const EXPLAINED = new Set(['unauthorized', 'too_many_requests', 'database_unavailable']);

/** Why what a link is for could not be done, in words. */
export function linkProblem(error: unknown): string {
  if (!(error instanceof Refused)) return i18n.t('signIn.unreachable');
  if (error.code === 'unauthorized') return i18n.t('link.unauthorized');
  if (EXPLAINED.has(error.code)) return i18n.t(`signIn.${error.code}`);
  const [issue] = error.issues;
  const field = issue && FIELDS[issue.path];
  if (issue && field) return `${i18n.t(field)} ${issue.message}`;
  return error.message || i18n.t('link.failed');
}
