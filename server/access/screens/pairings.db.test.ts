import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CODE_ALPHABET } from '../../../shared/contract/screens.ts';
import { AT_ONCE_MS, until } from '../../live/testing.ts';
import { type Bearer, bearerOf, createTestApp, type TestApp } from '../../testing.ts';
import { type Actor, SYSTEM } from '../audit/audit.ts';
import { WHOLE_SIGHT } from '../principal.ts';
import { createPairings } from './pairings.ts';
import { pairScreen } from './testing.ts';

let server: TestApp;
let supervisor: Bearer;
let who = 0;

beforeAll(async () => {
  server = await createTestApp();
});
afterAll(() => server.close());
beforeEach(async () => {
  // Attempts are counted by account: each test has its own.
  const email = `supervisor${who++}@example.test`;
  await server.addAccount(email, 'supervisor');
  ({ bearer: supervisor } = await server.signIn(email));
});

const open = async (): Promise<{ code: string; secret: string; expiresAt: string }> =>
  (await server.ask('POST', '/screens/pairings')).json().data;
const enter = (code: string, by = supervisor, wish: object = {}) =>
  server.ask('POST', '/screens', by, { code, name: 'Lobby', ...wish });
const claim = (secret: string) => server.ask('POST', '/screens/pairings/claim', {}, { secret });

describe('pairing a display', () => {
  it('takes a code of eight characters that nobody mistakes, and is done while the display waits', async () => {
    const { code, secret, expiresAt } = await open();
    expect(code).toMatch(new RegExp(`^[${CODE_ALPHABET}]{8}$`));
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(590_000);
    const waiting = claim(secret);
    // As people type it.
    const typed = `${code.slice(0, 4)} - ${code.slice(4)}`.toLowerCase();
    const entered = await enter(typed, supervisor, { name: 'Lobby', board: 'queues' });
    expect(entered.statusCode, entered.body).toBe(201);
    const enteredAt = performance.now();
    const { data } = (await waiting).json();
    expect(performance.now() - enteredAt).toBeLessThan(AT_ONCE_MS);
    expect(data).toEqual({
      state: 'paired',
      token: expect.stringMatching(/^cs_[\w-]{43}$/),
      face: {
        name: 'Lobby',
        board: 'queues',
        sectors: null,
        tenant: { name: expect.any(String), timeZone: 'UTC' },
      },
    });
    const [listed] = (await server.ask('GET', '/screens', supervisor)).json().data;
    expect(listed).toMatchObject({ id: entered.json().data.id, state: 'online', address: '127.0.0.1' });
    const [audit] = await server.test.ownerSql`
      select subject_name, after from analytics_audit_log where action = 'screen.paired' and subject_id = ${listed.id}`;
    expect(audit).toEqual({
      subject_name: 'Lobby',
      after: { board: 'queues', audience: 'supervisor', sectors: [] },
    });
  });

  it('[S77] keeps neither code nor secret nor token, only hashes', async () => {
    const { code, secret } = await open();
    const dump = async () =>
      JSON.stringify([
        await server.test.ownerSql`select * from screen_pairings`,
        await server.test.ownerSql`select * from screens`,
        await server.test.ownerSql`select * from analytics_audit_log`,
      ]);
    expect(await dump()).not.toContain(code);
    await enter(code);
    const { token } = (await claim(secret)).json().data;
    for (const word of [code, secret, token]) expect(await dump()).not.toContain(word);
  });

  it('[S77] a code is good once: of ten who enter it at once one gets the screen', async () => {
    const { code, secret } = await open();
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => enter(code)))).map(
      (a) => a.statusCode,
    );
    expect(statuses.sort()).toEqual([201, ...Array.from({ length: 9 }, () => 400)]);
    expect((await claim(secret)).statusCode).toBe(200);
  });

  it('[S77] the token is handed out once: of five who claim it at once one gets it, and nobody later', async () => {
    const { code, secret } = await open();
    await enter(code);
    const answers = await Promise.all(Array.from({ length: 5 }, () => claim(secret)));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 404, 404, 404, 404]);
    expect((await claim(secret)).statusCode).toBe(404);
  });

  it('[S77] a code that has expired is worth nothing, nor is what was approved and never claimed', async () => {
    const { ownerSql } = server.test;
    const first = await open();
    await ownerSql`update screen_pairings set expires_at = now() - interval '1 second'`;
    const refused = await enter(first.code);
    expect([refused.statusCode, refused.json().error.issues[0].path]).toEqual([400, 'code']);
    expect((await claim(first.secret)).statusCode).toBe(404);

    const second = await open();
    const { id } = (await enter(second.code)).json().data;
    await ownerSql`update screens set expires_at = now() - interval '1 second' where id = ${id}`;
    expect((await claim(second.secret)).statusCode).toBe(404);
    const listed = (await server.ask('GET', '/screens', supervisor)).json().data;
    expect(listed.map((one: { id: string }) => one.id)).not.toContain(id);
    // Those that have expired go by themselves.
    await open();
    const [left] =
      await ownerSql`select count(*)::integer as n from screen_pairings where expires_at < now()`;
    expect(left?.n).toBe(0);
  });

  it('[S77] guesses are capped by account, by address and by tenant, also when all are made at once, and keep no other tenant out', async () => {
    const by = (
      accountId: string,
      address: string,
      tenantId: string,
    ): [Actor, Parameters<typeof pairings.approve>[1]] => [
      { ...SYSTEM, address },
      { tenantId, sight: WHOLE_SIGHT, accountId },
    ];
    const wish = { code: 'CCCCCCCC', name: 'Mine', board: 'wall', audience: 'floor', sectors: [] } as const;
    const guess = (accountId: string, address: string, tenantId = server.test.tenantId) =>
      pairings
        .approve(...by(accountId, address, tenantId), { ...wish, sectors: [] })
        .catch((error) => error.code);
    const tally = async (tries: Promise<string>[]) => {
      const codes = await Promise.all(tries);
      return codes.filter((code) => code === 'bad_request').length;
    };
    let pairings = createPairings(server.test.db);
    const account = randomUUID();
    expect(await tally(Array.from({ length: 40 }, (_, at) => guess(account, `10.0.0.${at}`)))).toBe(10);
    pairings = createPairings(server.test.db);
    expect(await tally(Array.from({ length: 60 }, () => guess(randomUUID(), '10.0.0.1')))).toBe(30);
    pairings = createPairings(server.test.db);
    expect(await tally(Array.from({ length: 140 }, (_, at) => guess(randomUUID(), `10.0.1.${at}`)))).toBe(
      100,
    );
    expect(await guess(randomUUID(), '10.0.2.1', server.test.tenantB)).toBe('bad_request');
  });

  it('[S77] the right code is refused too once an account has guessed too often, and says when to try again', async () => {
    const { code } = await open();
    for (let i = 0; i < 10; i++) expect((await enter('CCCCCCCC')).statusCode).toBe(400);
    const blocked = await enter(code);
    expect(blocked.statusCode).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('[S77] a code is nothing to a stranger, to who may not, and to the display itself', async () => {
    const { code, secret } = await open();
    await server.addAccount(`viewer${who}@example.test`, 'viewer');
    expect((await enter(code, bearerOf('nobody'))).statusCode).toBe(401);
    expect((await enter(code, (await server.signIn(`viewer${who}@example.test`)).bearer)).statusCode).toBe(
      403,
    );
    expect((await claim(code)).statusCode).toBe(404);
    expect((await enter(code)).statusCode).toBe(201);
    expect((await claim(secret)).statusCode).toBe(200);
  });

  it('[L13] no more displays wait at once than there is room for', async () => {
    const { ownerSql } = server.test;
    await ownerSql`
      insert into screen_pairings (id, code_hash, secret_hash, expires_at)
      select gen_random_uuid(), decode(md5('c' || n), 'hex'), decode(md5('s' || n), 'hex'), now() + interval '10 minutes'
      from generate_series(1, 10000) n`;
    const full = await server.ask('POST', '/screens/pairings');
    expect([full.statusCode, full.headers['retry-after']]).toEqual([503, '30']);
    await ownerSql`delete from screen_pairings`;
    expect((await server.ask('POST', '/screens/pairings')).statusCode).toBe(201);
  });

  it('[L13] one display waits twice at most: more of the same are answered, so that it keeps out no other', async () => {
    const pairings = createPairings(server.test.db, 60_000);
    const signal = new AbortController().signal;
    const { secret } = await open();
    const claims = Array.from({ length: 20 }, () => pairings.claim(secret, { address: '', signal }));
    let answered = 0;
    for (const waiting of claims) void waiting.then(() => answered++);
    await until(() => answered === 18, 'all but two are answered');
    pairings.close();
    expect(await Promise.all(claims)).toEqual(claims.map(() => ({ state: 'waiting' })));
    expect(answered).toBe(20);
  });

  it('a display on another node is woken, and one that nobody wakes learns it when it asks again', async () => {
    const other = createPairings(server.test.db, 50);
    const signal = new AbortController().signal;
    const { code, secret } = await open();
    expect(await other.claim(secret, { address: '', signal })).toEqual({ state: 'waiting' });
    await enter(code);
    expect(await other.claim(secret, { address: '', signal })).toMatchObject({ state: 'paired' });
  });

  it('a display that has gone away claims nothing: it gets its token when it is back', async () => {
    const { code, secret } = await open();
    const gone = new AbortController();
    const waiting = server.parts.access.pairings.claim(secret, { address: '', signal: gone.signal });
    gone.abort();
    expect(await waiting).toBeNull();
    await enter(code);
    expect((await claim(secret)).json().data.state).toBe('paired');
  });

  it('the runtime role has no rights over what waits to be paired', async () => {
    for (const verb of ['select', 'insert', 'update', 'delete']) {
      const [may] = await server.test.db.sql`
        select has_table_privilege('screen_pairings', ${verb}) as may`;
      expect({ verb, may: may?.may }).toEqual({ verb, may: false });
    }
  });
});

describe('a supervisor who is held to sectors', () => {
  let held: Bearer;
  beforeEach(async () => {
    const email = `held${who}@example.test`;
    const account = await server.addAccount(email, 'supervisor');
    await server.test.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${server.test.tenantId}, true)`;
      await tx`
        insert into sectors (tenant_id, id, name) values
          (${server.test.tenantId}, 'north', 'North'), (${server.test.tenantId}, 'south', 'South')
        on conflict do nothing`;
      await tx`update memberships set sectors = '{north}' where account_id = ${account}`;
    });
    ({ bearer: held } = await server.signIn(email));
  });

  it('gives a screen some of hers, and no other, not all, none that is not there', async () => {
    const { code } = await open();
    const paths = [];
    for (const sectors of [[], ['south'], ['north', 'south'], ['nowhere']]) {
      const answer = await enter(code, held, { sectors });
      paths.push([answer.statusCode, answer.json().error.issues[0].path]);
    }
    expect(paths).toEqual([
      [400, 'sectors'],
      [400, 'sectors.0'],
      [400, 'sectors.1'],
      [400, 'sectors.0'],
    ]);
    // A mistake of that kind is no guess, and has not used up the code.
    expect((await enter(code, held, { sectors: ['north'] })).statusCode).toBe(201);
  });

  it('sees and manages only screens that show nothing beyond her sectors', async () => {
    const all = await pairScreen(server, supervisor, { name: 'All' });
    const both = await pairScreen(server, supervisor, { name: 'Both', sectors: ['north', 'south'] });
    const north = await pairScreen(server, supervisor, { name: 'North', sectors: ['north'] });
    const listed = (await server.ask('GET', '/screens', held)).json().data;
    const ids = listed.map((one: { id: string }) => one.id);
    expect(ids).toContain(north.id);
    for (const { id } of [all, both]) {
      expect(ids).not.toContain(id);
      const statuses = [
        await server.ask('PATCH', `/screens/${id}`, held, { name: 'Mine' }),
        await server.ask('POST', `/screens/${id}/reload`, held),
        await server.ask('POST', `/screens/${id}/identify`, held),
        await server.ask('DELETE', `/screens/${id}`, held),
      ].map((answer) => answer.statusCode);
      expect(statuses).toEqual([404, 404, 404, 404]);
    }
    const wider = await server.ask('PATCH', `/screens/${north.id}`, held, { sectors: [] });
    expect([wider.statusCode, wider.json().error.issues[0].path]).toEqual([400, 'sectors']);
    expect((await server.ask('PATCH', `/screens/${north.id}`, held, { name: 'Ours' })).statusCode).toBe(204);
    const choices = (await server.ask('GET', '/screens/choices', held)).json().data;
    expect(choices).toEqual({ sectors: [{ sectorId: 'north', name: 'North' }], mayShowAll: false });
    const whole = (await server.ask('GET', '/screens/choices', supervisor)).json().data;
    expect(whole).toMatchObject({ mayShowAll: true, sectors: expect.arrayContaining(choices.sectors) });
    await until(async () => {
      const rows = (await server.ask('GET', '/screens', held)).json().data;
      return rows.some((one: { name: string }) => one.name === 'Ours');
    }, 'the new name is listed');
  });
});
