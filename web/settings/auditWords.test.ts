import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AUDIT_ACTIONS } from '../../shared/contract/audit.ts';
import type { AuditRecord } from '../../shared/contract/auditRest.ts';
import { i18n } from '../app/i18n.ts';
import { changesIn, sentenceOf, summaryOf } from './auditWords.ts';
import en from './en.json' with { type: 'json' };

i18n.addResourceBundle('en', 'translation', en, true);
const { t } = i18n;

beforeAll(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }));

function record(part: Partial<AuditRecord>): AuditRecord {
  return {
    id: '00000000-0000-4000-8000-000000000000',
    occurredAt: '2026-11-25T10:00:00.000000Z',
    actor: { kind: 'account', id: '1', name: 'ada@example.test' },
    action: 'queue.changed',
    subject: { id: 'q', name: 'Sales & <Service>' },
    before: null,
    after: null,
    address: null,
    requestId: null,
    ...part,
  };
}

describe('the audit in words', () => {
  it.each(AUDIT_ACTIONS)('has some for %s, as a line and as a filter', (action) => {
    const sentence = sentenceOf(record({ action, after: { route: 'GET /', accepted: 1, rejected: 0 } }), t);
    expect(sentence).not.toContain(action);
    expect(sentence).not.toMatch(/settings\.|[{}]{2}/);
    expect(i18n.exists(`settings.audit.kind.${action.replace('.', '_')}`)).toBe(true);
  });

  it('shows what it does not know as it is', () => {
    expect(sentenceOf(record({ action: 'moon.eaten' }), t)).toBe(
      'ada@example.test: moon.eaten Sales & <Service>',
    );
    expect(changesIn(record({ after: { odd: { a: 1 } } }), t, 'UTC')[0]).toMatchObject({
      name: 'odd',
      after: '{"a":1}',
    });
  });

  it('says what a decision has made of a score as the page of the score does', () => {
    const decided = record({
      action: 'quality_score.resolved',
      before: { score: 0, failedCritical: ['3eea84de-9f66-4582-bd0a-d4ed30438d68'] },
      after: { score: 72.72727272727273, failedCritical: [] },
    });
    expect(summaryOf(decided, t, 'UTC')).toBe('Score 0.0 → 72.7, Critical failures 1 → 0');
  });

  it('says what has changed, with units, and how much more', () => {
    const changed = record({
      before: { thresholdSeconds: 20, sectorId: 'a', sector: 'North', wrapUpSeconds: null },
      after: { thresholdSeconds: 30, sectorId: 'b', sector: 'South', wrapUpSeconds: 5 },
    });
    expect(sentenceOf(changed, t)).toBe('ada@example.test changed the queue Sales & <Service>');
    expect(summaryOf(changed, t, 'UTC')).toBe(
      'Answered within 20 s → 30 s, Sector North → South, and one more change',
    );
    expect(changesIn(changed, t, 'UTC').map(({ name }) => name)).toEqual([
      'Answered within',
      'Sector',
      'Wrap-up',
    ]);
  });

  it('says targets in percent, and terms in months', () => {
    const before = { serviceLevelTarget: 0.8, eventRetentionMonths: null };
    const after = { serviceLevelTarget: 0.825, eventRetentionMonths: 12 };
    const said = changesIn(record({ action: 'settings.changed', before, after }), t, 'UTC');
    expect(said.map(({ name, before, after }) => [name, before, after])).toEqual([
      ['Service level, target', '80.0%', '82.5%'],
      ['Keep events for', 'not set', '12 months'],
    ]);
  });

  it('says roles, boards, sectors and moments as the pages do that decide them', () => {
    const before = { role: 'viewer', sectors: ['north'], board: 'wall', lostAt: '2026-11-25T02:53:30.518Z' };
    const after = { role: 'manager', sectors: [], board: 'moon', scopes: ['events:write'] };
    const changes = changesIn(record({ before, after }), t, 'Asia/Tokyo');
    expect(changes.map(({ name, before, after }) => [name, before, after])).toEqual([
      ['Role', 'Viewer', 'Manager'],
      ['Sectors', 'north', 'All sectors'],
      ['Shows', 'Everything', 'moon'],
      ['Lost', expect.stringContaining('11:53'), '–'],
      ['Permissions', '–', 'Send events'],
    ]);
  });

  it('tells sign-ins and refusals apart by what became of them', () => {
    const stranger = { kind: 'stranger', id: null, name: '' } as const;
    const refused = {
      action: 'session.refused',
      actor: stranger,
      subject: { id: '1', name: 'ada@example.test' },
    };
    expect(sentenceOf(record({ ...refused, after: { reason: 'password' } }), t)).toBe(
      'Somebody failed to sign in as ada@example.test',
    );
    expect(sentenceOf(record({ ...refused, after: { reason: 'disabled' } }), t)).toContain('is disabled');
    expect(summaryOf(record({ ...refused, after: { reason: 'password', more: 47 } }), t, 'UTC')).toBe(
      'and 47 more times',
    );
    const denied = { route: 'GET /api/v1/settings', permission: 'settings:manage' };
    expect(sentenceOf(record({ action: 'access.denied', after: denied }), t)).toBe(
      'ada@example.test was refused GET /api/v1/settings',
    );
  });
});
