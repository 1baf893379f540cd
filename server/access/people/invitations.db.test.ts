import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../../testing.ts';
import { ask, joinB, knock, said, tokenOf } from '../testing.ts';

let server: TestApp;
let admin: string;
beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('admin@example.test', 'admin');
  admin = await tokenOf(server, 'admin@example.test');
});
afterAll(() => server.close());

const NEW = { name: 'Ann', password: 'chosen by herself' };

const look = (token: string) => knock(server, '/invitations/look', { token });
const accept = (token: string, body: object = NEW) =>
  knock(server, '/invitations/acceptance', { token, ...body });

async function invite(email: string, more: object = {}): Promise<{ id: string; token: string }> {
  const body = { email, name: 'Ann', role: 'supervisor', ...more };
  const answer = await ask(server, 'POST', '/people/invitations', admin, body);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().data;
}

async function roleOf(email: string, tenantId = server.test.tenantId): Promise<string | null> {
  const rows = await server.test.ownerSql`
    select m.role from memberships m join accounts a on a.id = m.account_id
    where m.tenant_id = ${tenantId} and a.email = ${email}`;
  return rows[0]?.role ?? null;
}

describe('an invitation', () => {
  it('is listed, shows its link once, and lets in whoever holds it: with a name, a password, a session', async () => {
    const made = await ask(server, 'POST', '/people/invitations', admin, {
      email: ' Ann@example.test ',
      name: 'Ann',
      role: 'supervisor',
    });
    const { token, ...shown } = made.json().data;
    expect(made.headers['cache-control']).toBe('no-store');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(shown).toMatchObject({ email: 'Ann@example.test', link: null, mail: 'off', isExpired: false });
    const listed = await ask(server, 'GET', '/people/invitations', admin);
    expect(listed.json().data).toMatchObject([{ id: shown.id, role: 'supervisor' }]);
    expect(listed.body).not.toContain(token);
    const days = (Date.parse(shown.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);

    const [tenant] = await server.test.ownerSql`select name from tenants where id = ${server.test.tenantId}`;
    expect((await look(token)).json().data).toEqual({
      tenant: tenant?.name,
      email: 'Ann@example.test',
      name: 'Ann',
      role: 'supervisor',
      hasAccount: false,
    });
    const accepted = await accept(token, { name: 'Ann Smith', password: NEW.password });
    expect(accepted.json().data).toMatchObject({
      account: { email: 'Ann@example.test', name: 'Ann Smith', role: 'supervisor' },
      tenant: { id: server.test.tenantId },
    });
    expect(accepted.headers['set-cookie']).toMatch(
      /^callboard_refresh=.*Path=\/api\/v1\/sessions; HttpOnly; SameSite=Strict$/,
    );
    const cookie = String(accepted.headers['set-cookie']).split(';')[0] ?? '';
    expect((await knock(server, '/sessions/refresh', {}, { cookie })).statusCode).toBe(200);
    await tokenOf(server, 'ann@example.test', NEW.password);
    expect((await ask(server, 'GET', '/people/invitations', admin)).json().data).toEqual([]);
  });

  it('is good once: of several who accept at the same moment one is let in', async () => {
    const { token } = await invite('raced@example.test');
    const answers = await Promise.all(Array.from({ length: 6 }, () => accept(token)));
    const codes = answers.map(({ statusCode }) => statusCode).sort();
    expect(codes).toEqual([200, 404, 404, 404, 404, 404]);
    const rows = await server.test.ownerSql`select id from accounts where email = 'raced@example.test'`;
    expect(rows).toHaveLength(1);
    const joined = await server.test.ownerSql`
      select id from analytics_audit_log where action = 'person.joined' and subject_name = 'raced@example.test'`;
    expect(joined).toHaveLength(1);
  });

  it('that is unknown, used, revoked, renewed or expired is the same answer, to look and to accept', async () => {
    const used = await invite('used@example.test');
    await accept(used.token);
    const revoked = await invite('revoked@example.test');
    expect((await ask(server, 'DELETE', `/people/invitations/${revoked.id}`, admin)).statusCode).toBe(204);
    const renewed = await invite('renewed@example.test');
    const again = await ask(server, 'POST', `/people/invitations/${renewed.id}/renewal`, admin);
    const expired = await invite('expired@example.test');
    await server.test.ownerSql`
      update invitations set expires_at = now() - interval '1 second' where id = ${expired.id}`;
    const answers = [];
    for (const token of [
      used.token,
      revoked.token,
      renewed.token,
      expired.token,
      'A'.repeat(43),
      'short',
      "'; drop table invitations",
    ]) {
      answers.push(said(await look(token)), said(await accept(token)));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('not_found');
    expect((await look(again.json().data.token)).statusCode).toBe(200);
    // The expired one is still listed, and has another week once it is renewed.
    const listed = (await ask(server, 'GET', '/people/invitations', admin)).json().data;
    expect(listed.find(({ id }: { id: string }) => id === expired.id).isExpired).toBe(true);
    const revived = await ask(server, 'POST', `/people/invitations/${expired.id}/renewal`, admin);
    expect((await accept(revived.json().data.token)).statusCode).toBe(200);
  });

  it('never sets the password of an account there is: that one has to be given, and gets the membership added', async () => {
    const { tenantB } = server.test;
    const id = await server.addAccount('shared@example.test', 'viewer');
    await joinB(server, id, 'admin');
    await server.test.ownerSql`
      delete from memberships where tenant_id = ${server.test.tenantId} and account_id = ${id}`;
    const { token } = await invite('SHARED@example.test', { role: 'viewer' });
    expect((await look(token)).json().data.hasAccount).toBe(true);
    const wrong = await accept(token, { name: 'Mallory', password: 'a password of Mallory' });
    expect(wrong.statusCode).toBe(401);
    expect(await roleOf('shared@example.test')).toBeNull();
    await tokenOf(server, 'shared@example.test');

    const joined = await accept(token, { name: 'Mallory', password: PASSWORD });
    expect(joined.json().data).toMatchObject({
      account: { email: 'shared@example.test', role: 'viewer' },
      tenant: { id: server.test.tenantId },
    });
    expect(joined.json().data.account.name).not.toBe('Mallory');
    expect(await roleOf('shared@example.test', tenantB)).toBe('admin');
  });

  it('[S74] is no second door for guessing: wrong passwords count as those of signing in do', async () => {
    const id = await server.addAccount('guessed@example.test', 'viewer');
    await joinB(server, id, 'viewer');
    await server.test.ownerSql`
      delete from memberships where tenant_id = ${server.test.tenantId} and account_id = ${id}`;
    const { token } = await invite('guessed@example.test');
    for (let i = 0; i < 10; i++) expect((await accept(token, { password: 'wrong' })).statusCode).toBe(401);
    expect((await accept(token, { password: PASSWORD })).statusCode).toBe(429);
    expect(
      (await knock(server, '/sessions', { email: 'guessed@example.test', password: PASSWORD })).statusCode,
    ).toBe(429);
  });

  it('takes a name and a password that is long enough, and says which is missing', async () => {
    const { token } = await invite('picky@example.test');
    const issues = async (body: object) => (await accept(token, body)).json().error.issues;
    expect(await issues({ password: NEW.password })).toMatchObject([{ path: 'name' }]);
    expect(await issues({ name: ' ', password: NEW.password })).toMatchObject([{ path: 'name' }]);
    expect(await issues({ name: 'Ann', password: 'short' })).toMatchObject([{ path: 'password' }]);
    expect((await accept(token)).statusCode).toBe(200);
  });

  it('[S75] is not accepted because another site asks a browser to', async () => {
    const { token } = await invite('csrf@example.test');
    const answer = await knock(
      server,
      '/invitations/acceptance',
      { token, ...NEW },
      { origin: 'https://evil.example' },
    );
    expect(answer.statusCode).toBe(403);
    expect((await accept(token)).statusCode).toBe(200);
  });

  it('goes to nobody who belongs here or is invited already, and to an address that is one', async () => {
    await server.addAccount('member@example.test', 'viewer');
    await invite('twice@example.test');
    const issueOf = async (body: object) => {
      const answer = await ask(server, 'POST', '/people/invitations', admin, body);
      return [answer.statusCode, answer.json().error.issues[0].path];
    };
    const ann = { name: 'Ann', role: 'viewer' };
    expect(await issueOf({ ...ann, email: 'Member@example.test' })).toEqual([409, 'email']);
    expect(await issueOf({ ...ann, email: 'TWICE@example.test' })).toEqual([409, 'email']);
    for (const email of ['nobody', 'a\u0000@example.test', 'a@b\r\nBcc: c@d.test', '']) {
      expect(await issueOf({ ...ann, email })).toEqual([400, 'email']);
    }
    expect(await issueOf({ ...ann, name: '\u202eAnn', email: 'rtl@example.test' })).toEqual([400, 'name']);
    expect(await issueOf({ ...ann, role: 'owner', email: 'owner@example.test' })).toEqual([400, 'role']);
  });

  it('ends with the right of whoever made it, who has seen the link', async () => {
    const id = await server.addAccount('second@example.test', 'admin');
    const second = await tokenOf(server, 'second@example.test');
    const body = { email: 'backdoor@example.test', name: 'Back', role: 'admin' };
    const backdoor = (await ask(server, 'POST', '/people/invitations', second, body)).json().data;
    await ask(server, 'PATCH', `/people/${id}`, admin, { role: 'manager' });
    expect((await look(backdoor.token)).statusCode).toBe(404);
    await ask(server, 'PATCH', `/people/${id}`, admin, { role: 'admin' });
    const another = await ask(server, 'POST', '/people/invitations', second, body);
    expect(another.statusCode).toBe(201);
    await ask(server, 'DELETE', `/people/${id}`, admin);
    expect((await look(another.json().data.token)).statusCode).toBe(404);
  });

  it('[S46] of another tenant is not there: neither listed, renewed nor revoked', async () => {
    const { id, token } = await invite('theirs@example.test');
    const stranger = await server.addAccount('stranger@example.test', 'admin');
    await joinB(server, stranger, 'admin');
    await ask(server, 'DELETE', `/people/${stranger}`, admin);
    const theirs = await tokenOf(server, 'stranger@example.test');
    expect((await ask(server, 'GET', '/people/invitations', theirs)).json().data).toEqual([]);
    expect((await ask(server, 'POST', `/people/invitations/${id}/renewal`, theirs)).statusCode).toBe(404);
    expect((await ask(server, 'DELETE', `/people/invitations/${id}`, theirs)).statusCode).toBe(404);
    expect((await look(token)).statusCode).toBe(200);
  });

  it('tells the audit who was invited, came in, was sent another link or was not wanted after all', async () => {
    const { id, token } = await invite('audited@example.test');
    const renewed = await ask(server, 'POST', `/people/invitations/${id}/renewal`, admin);
    await accept(renewed.json().data.token);
    const other = await invite('unwanted@example.test');
    await ask(server, 'DELETE', `/people/invitations/${other.id}`, admin);
    const rows = await server.test.ownerSql`
      select action, actor_name, subject_name, after::text from analytics_audit_log
      where subject_name in ('audited@example.test', 'unwanted@example.test') order by occurred_at`;
    expect(rows.map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ['person.invited', 'admin@example.test'],
      ['invitation.renewed', 'admin@example.test'],
      ['person.joined', 'audited@example.test'],
      ['session.started', 'audited@example.test'],
      ['person.invited', 'admin@example.test'],
      ['invitation.revoked', 'admin@example.test'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
