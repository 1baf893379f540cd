import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditAction } from '../../../shared/contract/audit.ts';
import type { AuditRecord } from '../../../shared/contract/auditRest.ts';
import type { Role } from '../../../shared/contract/permissions.ts';
import { inTenant } from '../../db/connect.ts';
import { until } from '../../live/testing.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../testing.ts';
import { recordAudit, SYSTEM } from './audit.ts';

let server: TestApp;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  server = await createTestApp();
  for (const role of ['admin', 'manager', 'viewer'] as const) {
    await server.addAccount(`${role}@example.test`, role);
    tokens.set(role, (await signIn(`${role}@example.test`)).token);
  }
});
afterAll(() => server.close());

async function signIn(email: string, password = PASSWORD) {
  const payload = { email, password };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
  return {
    status: answer.statusCode,
    token: answer.statusCode === 200 ? answer.json().data.accessToken : '',
    cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
  };
}

function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, more: Asked = {}) {
  const { role = 'admin', token = tokens.get(role), payload, headers } = more;
  return server.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(payload && { payload }),
  });
}
interface Asked {
  role?: Role;
  token?: string;
  payload?: object | string;
  headers?: Record<string, string>;
}

async function read(query: Record<string, string | number> = {}): Promise<AuditRecord[]> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const answer = await ask('GET', `/audit?${parameters}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().data;
}

/** The only one of its kind about this subject. */
async function theOne(action: AuditAction, query: Record<string, string> = {}): Promise<AuditRecord> {
  const records = await read({ action, ...query });
  expect(records).toHaveLength(1);
  return records[0] as AuditRecord; // The length was checked.
}

describe('what is written', () => {
  it('says who signed in and out, from where, and in which request', async () => {
    const id = await server.addAccount('coming@example.test', 'viewer');
    const { cookie } = await signIn('coming@example.test');
    await server.app.inject({ method: 'DELETE', url: '/api/v1/sessions/current', headers: { cookie } });
    expect(await theOne('session.started', { actor: 'coming@example.test' })).toMatchObject({
      actor: { kind: 'account', id, name: 'coming@example.test' },
      after: { how: 'password' },
      address: '127.0.0.1',
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(await theOne('session.ended', { actor: id })).toMatchObject({ after: { how: 'signed_out' } });
  });

  it('tells of a session whose token came twice, which nobody known did', async () => {
    const id = await server.addAccount('copied@example.test', 'viewer');
    const { cookie } = await signIn('copied@example.test');
    const refresh = () =>
      server.app.inject({ method: 'POST', url: '/api/v1/sessions/refresh', headers: { cookie } });
    expect([(await refresh()).statusCode, (await refresh()).statusCode]).toEqual([200, 401]);
    expect(await theOne('session.ended', { subject: id })).toMatchObject({
      actor: { kind: 'stranger', id: null },
      after: { how: 'copied' },
    });
  });

  it('[S74] counts refused sign-ins of an account that exists after the first few, and knows no others', async () => {
    const id = await server.addAccount('sprayed@example.test', 'viewer');
    for (let i = 0; i < 8; i++) expect((await signIn('sprayed@example.test', `wrong ${i}`)).status).toBe(401);
    expect((await signIn('nobody@example.test', 'wrong')).status).toBe(401);
    await until(async () => (await read({ action: 'session.refused' })).length === 3, 'three are written');
    const [refused] = await read({ subject: id });
    expect(refused).toMatchObject({
      action: 'session.refused',
      actor: { kind: 'stranger', id: null, name: '' },
      subject: { id, name: 'sprayed@example.test' },
      after: { reason: 'password' },
    });
    expect(JSON.stringify(await read())).not.toMatch(/nobody@example|wrong \d/);
  });

  it('tells of a denial: which route, and what it would have taken; and the answer is what it always is', async () => {
    expect((await ask('GET', '/settings', { role: 'viewer' })).statusCode).toBe(403);
    await until(async () => (await read({ action: 'access.denied' })).length > 0, 'it is written');
    expect(await theOne('access.denied')).toMatchObject({
      actor: { name: 'viewer@example.test' },
      after: { route: 'GET /api/v1/settings', permission: 'settings:manage' },
    });
  });

  it('of a change of settings holds the fields that differ, before and after, and nothing where none does', async () => {
    const change = { thresholdSeconds: 30, name: 'Renamed', weekStart: 1 };
    await ask('PATCH', '/settings', { role: 'manager', payload: change });
    await ask('PATCH', '/settings', { role: 'manager', payload: change });
    expect(await theOne('settings.changed')).toMatchObject({
      actor: { name: 'manager@example.test' },
      before: { thresholdSeconds: 20, name: expect.any(String) },
      after: { thresholdSeconds: 30, name: 'Renamed' },
    });
    expect(Object.keys((await theOne('settings.changed')).after ?? {}).sort()).toEqual([
      'name',
      'thresholdSeconds',
    ]);
  });

  it('follows queues, agents and sectors by the names they had', async () => {
    const { tenantId, db } = server.test;
    await inTenant(db, tenantId, async (tx) => {
      await tx`insert into queues (tenant_id, id, name) values (${tenantId}, 'sales', 'Sales')`;
      await tx`insert into agents (tenant_id, id, name) values (${tenantId}, '7', 'Ann')`;
    });
    const added = (await ask('POST', '/settings/sectors', { payload: { name: 'North' } })).json().data;
    await ask('PATCH', '/settings/queues/sales', {
      payload: { thresholdSeconds: 10, sectorId: added.sectorId },
    });
    await ask('PATCH', '/settings/agents/7', { payload: { name: 'Anna' } });
    await ask('PATCH', `/settings/sectors/${added.sectorId}`, { payload: { name: 'South' } });
    await ask('DELETE', `/settings/sectors/${added.sectorId}`);
    expect(await theOne('queue.changed', { subject: 'SALES' })).toMatchObject({
      subject: { id: 'sales', name: 'Sales' },
      before: { thresholdSeconds: null },
      after: { thresholdSeconds: 10, sectorId: added.sectorId, sector: 'North' },
    });
    expect(await theOne('agent.changed')).toMatchObject({
      subject: { id: '7', name: 'Ann' },
      before: { name: 'Ann' },
      after: { name: 'Anna' },
    });
    const sector = (await read({ subject: added.sectorId })).map(({ action }) => action);
    expect(sector).toEqual(['sector.removed', 'sector.renamed', 'sector.added']);
    expect((await theOne('sector.removed')).before).toEqual({ queues: 1, agents: 0 });
  });

  it('never holds a password', async () => {
    await server.addAccount('own@example.test', 'viewer');
    const { token } = await signIn('own@example.test');
    const payload = { currentPassword: PASSWORD, newPassword: 'quite another one' };
    expect((await ask('PUT', '/account/password', { token, payload })).statusCode).toBe(204);
    await ask('DELETE', '/account/sessions', { token });
    expect(await theOne('password.changed')).toMatchObject({ actor: { name: 'own@example.test' } });
    const ended = await theOne('session.ended', { actor: 'own@example.test' });
    expect(ended.after).toEqual({ how: 'everywhere' });
    expect(JSON.stringify(await read())).not.toMatch(/a password of tests|quite another one/);
  });

  it('says who imported which file, and what became of it', async () => {
    const headers = { 'content-type': 'text/plain' };
    const payload = '1700000000|1.1|sales|NONE|ENTERQUEUE||100|1\nnonsense\n';
    const sent = await ask('POST', '/imports/asterisk?name=october.log', { payload, headers });
    expect(sent.statusCode, sent.body).toBe(200);
    expect(await theOne('import.finished')).toMatchObject({
      actor: { name: 'admin@example.test' },
      subject: { name: 'october.log' },
      after: { source: 'asterisk', accepted: 1, rejected: 1 },
    });
  });
});

describe('reading it', () => {
  it('goes page by page from the latest, missing and repeating nothing while more is written', async () => {
    const all = await read();
    const ids: string[] = [];
    let cursor = '';
    do {
      const answer = (await ask('GET', `/audit?limit=2${cursor && `&cursor=${cursor}`}`)).json();
      ids.push(...answer.data.map(({ id }: AuditRecord) => id));
      cursor = answer.meta.nextCursor ?? '';
      await ask('PATCH', '/settings', { payload: { minimumSample: ids.length } });
    } while (cursor !== '');
    expect(ids).toEqual(all.map(({ id }) => id));
  });

  it('[T1] takes days as they are where the tenant is, both included', async () => {
    const { ownerSql, tenantId } = server.test;
    await ownerSql`update settings set time_zone = 'Asia/Tokyo' where tenant_id = ${tenantId}`;
    // Midnight in Tokyo is three in the afternoon in UTC.
    for (const [at, name] of [
      ['2020-03-01T14:59:59Z', 'first'],
      ['2020-03-01T15:00:00Z', 'second'],
      ['2020-03-02T14:59:59Z', 'third'],
      ['2020-03-02T15:00:00Z', 'fourth'],
    ] as const) {
      await ownerSql`
        insert into analytics_audit_log (tenant_id, occurred_at, actor_kind, actor_name, action)
        values (${tenantId}, ${at}, 'system', ${name}, 'key.created')`;
    }
    const names = async (query: Record<string, string>) =>
      (await read(query))
        .map(({ actor }) => actor.name)
        .filter((name) => /^(first|second|third|fourth)$/.test(name));
    expect(await names({ startDate: '2020-03-02', endDate: '2020-03-02' })).toEqual(['third', 'second']);
    expect(await names({ endDate: '2020-03-01' })).toEqual(['first']);
    expect(await names({ startDate: '2020-03-03' })).toEqual(['fourth']);
  });

  it('refuses what it does not know, naming it', async () => {
    for (const [query, path] of [
      ['colour=red', 'colour'],
      ['action=queue.eaten', 'action'],
      ['startDate=yesterday', 'startDate'],
      ['startDate=2026-02-02&endDate=2026-02-01', 'endDate'],
      ['cursor=x', 'cursor'],
      ['limit=0', 'limit'],
    ]) {
      const answer = await ask('GET', `/audit?${query}`);
      expect([answer.statusCode, answer.json().error.issues[0].path]).toEqual([400, path]);
    }
    expect((await ask('GET', '/audit/export?limit=1')).statusCode).toBe(400);
  });

  it('[S40] shows nothing of another tenant', async () => {
    const { db, tenantB } = server.test;
    await inTenant(db, tenantB, (tx) =>
      recordAudit(tx, tenantB, { ...SYSTEM, name: 'theirs' }, { action: 'key.created' }),
    );
    expect(await read({ actor: 'theirs' })).toEqual([]);
    expect((await ask('GET', '/audit/export')).body).not.toContain('theirs');
  });
});

describe('the CSV', () => {
  it('[S71] holds the same rows, and no cell that a spreadsheet would run', async () => {
    const { db, tenantId } = server.test;
    const formulas = ['=cmd()', '+1', '-1', '@SUM(A1)', '\tx', '\rx'];
    for (const name of formulas) {
      await inTenant(db, tenantId, (tx) =>
        recordAudit(tx, tenantId, SYSTEM, { action: 'key.revoked', subject: { id: 'x', name } }),
      );
    }
    const answer = await ask('GET', '/audit/export?action=key.revoked');
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="audit-[\w-]+-\d{4}-\d\d-\d\d\.csv"$/,
    );
    const lines = answer.body.slice(1).split('\r\n');
    expect(lines[0]).toBe(
      'occurred_at,local_time,actor_kind,actor,actor_id,action,subject,subject_id,before,after,address,request_id',
    );
    for (const name of formulas) expect(answer.body).toContain(`'${name}`);
    for (const cell of answer.body.slice(1).split(/[,\n]|\r\n/)) expect(cell).not.toMatch(/^"?[=+\-@\t]/);
    expect((await read({ action: 'audit.exported' }))[0]).toMatchObject({ after: { action: 'key.revoked' } });
  });

  it('[L13] comes in batches, every row once', async () => {
    const { ownerSql, tenantId } = server.test;
    await ownerSql`
      insert into analytics_audit_log (tenant_id, actor_kind, actor_name, action)
      select ${tenantId}, 'system', 'n' || n, 'key.rotated' from generate_series(1, 2500) as n`;
    const { body } = await ask('GET', '/audit/export?action=key.rotated');
    const names = body.match(/,n\d+,/g) ?? [];
    expect(new Set(names).size).toBe(2_500);
    expect(names).toHaveLength(2_500);
  });
});
