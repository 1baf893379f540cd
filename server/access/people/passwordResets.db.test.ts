import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AT_ONCE_MS } from '../../live/testing.ts';
import { createLinkPost } from '../../mail/linkPost.ts';
import { createMailer } from '../../mail/mailer.ts';
import { startMailServer, type TestMailServer } from '../../mail/testing.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../testing.ts';
import { ask, joinB, knock, said, tokenOf } from '../testing.ts';

const PUBLIC_URL = 'https://wall.example.test';
const NEW_PASSWORD = 'another password of tests';

/** One server that sends mail, and one that sends none. */
let mailing: TestApp;
let silent: TestApp;
let mail: TestMailServer;

beforeAll(async () => {
  mail = await startMailServer();
  const config = { smtpUrl: mail.url, from: 'callboard@example.test' };
  const mailer = createMailer({ config, log: pino({ level: 'silent' }) });
  mailing = await createTestApp({}, { post: createLinkPost(mailer, PUBLIC_URL) });
  silent = await createTestApp();
  for (const server of [mailing, silent]) await server.addAccount('admin@example.test', 'admin');
});
beforeEach(() => {
  mail.letters.length = 0;
});
afterAll(async () => {
  await mailing.close();
  await silent.close();
  await mail.close();
});

const look = (server: TestApp, token: string) => knock(server, '/password-resets/look', { token });
const use = (server: TestApp, token: string, password = NEW_PASSWORD) =>
  knock(server, '/password-resets/use', { token, password });
const signIn = (server: TestApp, email: string, password = PASSWORD) =>
  knock(server, '/sessions', { email, password });

async function as(
  server: TestApp,
  email: string,
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
) {
  return ask(server, method, path, await tokenOf(server, email), payload);
}

const linkFor = (server: TestApp, id: string, by = 'admin@example.test') =>
  as(server, by, 'POST', `/people/${id}/password-reset`);

/** The token in the link of the latest letter, once it is here. */
async function mailedToken(count = 1): Promise<string> {
  await expect.poll(() => mail.letters.length).toBe(count);
  return /#\/password\/([\w-]{43})/.exec(mail.letters.at(-1)?.content ?? '')?.[1] ?? '';
}

describe('a link that an administrator makes', () => {
  it('is shown once, good once, ends every session, and is in the audit without its token', async () => {
    const id = await silent.addAccount('forgetful@example.test', 'viewer');
    const before = await signIn(silent, 'forgetful@example.test');
    const made = await linkFor(silent, id);
    expect(made.statusCode).toBe(201);
    const { token, ...rest } = made.json().data;
    expect(rest).toEqual({ link: null, mail: 'off' });
    expect((await look(silent, token)).json().data).toEqual({ email: 'forgetful@example.test' });
    expect((await use(silent, token, 'short')).json().error.issues).toMatchObject([{ path: 'password' }]);
    expect((await use(silent, token)).statusCode).toBe(204);
    expect((await use(silent, token, 'yet another password')).statusCode).toBe(404);
    expect((await signIn(silent, 'forgetful@example.test')).statusCode).toBe(401);
    expect((await signIn(silent, 'forgetful@example.test', NEW_PASSWORD)).statusCode).toBe(200);
    const bearer = { authorization: `Bearer ${before.json().data.accessToken}` };
    const health = () => silent.app.inject({ url: '/api/v1/live/health', headers: bearer });
    await expect
      .poll(async () => (await health()).statusCode, { timeout: AT_ONCE_MS, interval: 20 })
      .toBe(401);
    const rows = await silent.test.ownerSql`
      select action, actor_name, before, after from analytics_audit_log
      where subject_id = ${id} and action like 'password.%' order by occurred_at`;
    expect(rows.map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ['password.reset_link_made', 'admin@example.test'],
      ['password.reset', 'forgetful@example.test'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('[S11] of several uses at once one wins; the others, a used, an expired and a guessed one get the same answer', async () => {
    const id = await silent.addAccount('raced@example.test', 'viewer');
    const { token } = (await linkFor(silent, id)).json().data;
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => use(silent, token, `${NEW_PASSWORD} ${index}`)),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 404, 404, 404, 404]);
    const won = answers.findIndex(({ statusCode }) => statusCode === 204);
    expect((await signIn(silent, 'raced@example.test', `${NEW_PASSWORD} ${won}`)).statusCode).toBe(200);
    const late = (await linkFor(silent, id)).json().data.token;
    await silent.test.ownerSql`
      update password_resets set expires_at = now() - interval '1 second' where account_id = ${id}`;
    const ended = [];
    for (const one of [token, late, 'B'.repeat(43), 'none', "' or true --"]) {
      ended.push(said(await look(silent, one)), said(await use(silent, one)));
    }
    expect(new Set(ended).size).toBe(1);
    expect(ended[0]).toContain('not_found');
  });

  it('dies with the password: another link, or changing it while signed in, ends all that were made', async () => {
    const id = await silent.addAccount('several@example.test', 'viewer');
    const first = (await linkFor(silent, id)).json().data.token;
    const second = (await linkFor(silent, id)).json().data.token;
    expect((await look(silent, first)).statusCode).toBe(200);
    await use(silent, second);
    expect((await look(silent, first)).statusCode).toBe(404);

    const third = (await linkFor(silent, id)).json().data.token;
    const bearer = (await signIn(silent, 'several@example.test', NEW_PASSWORD)).json().data.accessToken;
    const changed = await silent.app.inject({
      method: 'PUT',
      url: '/api/v1/account/password',
      headers: { authorization: `Bearer ${bearer}` },
      payload: { currentPassword: NEW_PASSWORD, newPassword: PASSWORD },
    });
    expect(changed.statusCode).toBe(204);
    expect((await use(silent, third)).statusCode).toBe(404);
  });

  it('ends with the right of the administrator who has seen it', async () => {
    const target = await silent.addAccount('target@example.test', 'admin');
    const second = await silent.addAccount('second@example.test', 'admin');
    const { token } = (await linkFor(silent, target, 'second@example.test')).json().data;
    expect((await look(silent, token)).statusCode).toBe(200);
    await as(silent, 'admin@example.test', 'DELETE', `/people/${second}`);
    expect((await use(silent, token)).statusCode).toBe(404);
    await as(silent, 'admin@example.test', 'PATCH', `/people/${target}`, { role: 'viewer' });
  });
});

describe('an account that is in another tenant as well', () => {
  it('is one that runs the installation, too: a link would open every call centre', async () => {
    const id = await silent.addAccount('owner@example.test', 'viewer');
    expect((await linkFor(silent, id)).statusCode).toBe(201);
    expect(await silent.test.db.sql`select make_platform_owner('owner@example.test')`).toHaveLength(1);
    const left = await silent.test.ownerSql`select from password_resets where account_id = ${id}`;
    expect(left, 'those that were shown before').toHaveLength(0);
    expect((await linkFor(silent, id)).statusCode).toBe(409);
    await as(silent, 'admin@example.test', 'DELETE', `/people/${id}`);
    expect(
      await silent.test.ownerSql`select from accounts where id = ${id}`,
      'removed from its tenant',
    ).toHaveLength(1);
  });

  it('is not to be taken over: without mail there is no link', async () => {
    const id = await silent.addAccount('shared@example.test', 'viewer');
    await joinB(silent, id, 'admin');
    const refused = await linkFor(silent, id);
    expect(refused.statusCode).toBe(409);
    expect(refused.json().error.message).toContain('this server sends no mail');
    expect(await silent.test.ownerSql`select from password_resets where account_id = ${id}`).toHaveLength(0);
  });

  it('is not to be taken over: the link is mailed to its own address and shown to nobody', async () => {
    const id = await mailing.addAccount('shared@example.test', 'viewer');
    await joinB(mailing, id, 'admin');
    const made = await linkFor(mailing, id);
    expect(made.json().data).toEqual({ token: null, link: null, mail: 'sent' });
    const token = await mailedToken();
    expect(mail.letters[0]?.to).toEqual(['shared@example.test']);
    expect(made.body).not.toContain(token);
    expect((await use(mailing, token)).statusCode).toBe(204);
    const audited = await mailing.test.ownerSql`
      select tenant_id from analytics_audit_log where action = 'password.reset' and subject_id = ${id}`;
    expect(new Set(audited.map(({ tenant_id }) => tenant_id))).toEqual(
      new Set([mailing.test.tenantId, mailing.test.tenantB]),
    );
  });

  it('is not to be taken over by a link that was made before it came there', async () => {
    const id = await silent.addAccount('soon-shared@example.test', 'viewer');
    const { token } = (await linkFor(silent, id)).json().data;
    await joinB(silent, id, 'admin');
    expect((await use(silent, token)).statusCode).toBe(404);
  });

  it('is not to be taken over by a link that is made at the moment it comes there', async () => {
    const { access } = silent.parts;
    const { tenantId, tenantB, ownerSql } = silent.test;
    const id = await silent.addAccount('meeting@example.test', 'viewer');
    const by = { kind: 'account', id: null, name: 'admin', address: null, requestId: null } as const;
    let making: Promise<unknown> = Promise.resolve();
    await ownerSql.begin(async (tx) => {
      await tx`insert into memberships (tenant_id, account_id, role) values (${tenantB}, ${id}, 'admin')`;
      making = access.passwordResets.makeFor(by, tenantId, id).catch((error: unknown) => error);
      const waiting = () => ownerSql`
        select from pg_stat_activity where wait_event_type = 'Lock' and query like '%start_password_reset%'
          and datname = current_database()`;
      await expect.poll(async () => (await waiting()).length).toBe(1);
    });
    expect(await making).toMatchObject({ code: 'conflict' });
    expect(await ownerSql`select from password_resets where account_id = ${id}`).toHaveLength(0);
  });
});

describe('a forgotten password', () => {
  it('is offered where mail is sent, and mailed to the account’s own address', async () => {
    const options = (server: TestApp) => server.app.inject({ url: '/api/v1/sessions/options' });
    expect((await options(mailing)).json().data).toMatchObject({ mail: true });
    expect((await options(silent)).json().data).toMatchObject({ mail: false });
    expect((await knock(silent, '/password-resets', { email: 'admin@example.test' })).statusCode).toBe(409);

    await mailing.addAccount('Kim@example.test', 'viewer');
    const asked = await knock(mailing, '/password-resets', { email: ' KIM@example.test ' });
    expect([asked.statusCode, asked.body]).toEqual([202, '']);
    const token = await mailedToken();
    expect(mail.letters[0]?.to).toEqual(['Kim@example.test']);
    expect(mail.letters[0]?.content).toContain(`${PUBLIC_URL}/#/password/${token}`);
    expect((await use(mailing, token)).statusCode).toBe(204);
    expect((await signIn(mailing, 'kim@example.test', NEW_PASSWORD)).statusCode).toBe(200);
  });

  it('answers the same whether there is such an account, and mails nobody who has none', async () => {
    const disabled = await mailing.addAccount('disabled@example.test', 'viewer');
    await mailing.test.ownerSql`update accounts set disabled_at = now() where id = ${disabled}`;
    for (const email of ['nobody@example.test', 'disabled@example.test', 'a\u0000b', '']) {
      const asked = await knock(mailing, '/password-resets', { email });
      expect([asked.statusCode, asked.body], email).toEqual([202, '']);
    }
    await knock(mailing, '/password-resets', { email: 'admin@example.test' });
    await mailedToken();
    expect(mail.letters.flatMap(({ to }) => to)).toEqual(['admin@example.test']);
  });

  it('[S74] is mailed to one account three times an hour, and says so of accounts there are not, too', async () => {
    await mailing.addAccount('flooded@example.test', 'viewer');
    for (const email of ['flooded@example.test', 'never@example.test']) {
      for (let i = 0; i < 3; i++) {
        expect((await knock(mailing, '/password-resets', { email })).statusCode).toBe(202);
      }
      expect((await knock(mailing, '/password-resets', { email: email.toUpperCase() })).statusCode).toBe(429);
    }
    await mailedToken(3);
  });

  it('leaves five links of an account at most', async () => {
    const id = await mailing.addAccount('often@example.test', 'viewer');
    for (let i = 0; i < 7; i++) await mailing.parts.access.passwordResets.mailTo('often@example.test');
    const kept = await mailing.test.ownerSql`select from password_resets where account_id = ${id}`;
    expect(kept).toHaveLength(5);
  });
});

describe('mail', () => {
  it('carries an invitation, and the link is shown as well', async () => {
    const body = { email: 'invited@example.test', name: 'Ann', role: 'viewer' };
    const made = (await as(mailing, 'admin@example.test', 'POST', '/people/invitations', body)).json().data;
    expect(made).toMatchObject({ mail: 'sent', link: `${PUBLIC_URL}/#/invitation/${made.token}` });
    expect(mail.letters[0]?.content).toContain(made.link);
    expect(mail.letters[0]?.content).toContain('admin@example.test has invited you');
  });

  it('that does not go out leaves the link to be handed over', async () => {
    const refusing = await startMailServer({ refuses: true });
    const config = { smtpUrl: refusing.url, from: 'callboard@example.test' };
    const mailer = createMailer({ config, log: pino({ level: 'silent' }) });
    const server = await createTestApp({}, { post: createLinkPost(mailer, PUBLIC_URL) });
    try {
      await server.addAccount('admin@example.test', 'admin');
      const body = { email: 'invited@example.test', name: 'Ann', role: 'viewer' };
      const made = await as(server, 'admin@example.test', 'POST', '/people/invitations', body);
      expect(made.statusCode).toBe(201);
      expect(made.json().data).toMatchObject({ mail: 'failed', token: expect.any(String) });
      expect((await knock(server, '/invitations/look', { token: made.json().data.token })).statusCode).toBe(
        200,
      );
    } finally {
      await server.close();
      await refusing.close();
    }
  });
});

describe('the table of links', () => {
  it('is closed to the runtime role: not read, written or emptied', async () => {
    for (const statement of [
      'select * from password_resets',
      'delete from password_resets',
      "update password_resets set expires_at = now() + interval '1 year'",
      "insert into password_resets (hash, account_id, expires_at) select '', id, now() from accounts",
    ]) {
      await expect(silent.test.db.sql.unsafe(statement), statement).rejects.toThrow('permission denied');
    }
  });
});
