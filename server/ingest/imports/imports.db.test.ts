import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { everyNumber, recount, until } from '../../live/testing.ts';
import { createTestApp, type TestApp } from '../../testing.ts';

/** Logs of today, so that a wall shows them: instants are whole seconds before now. */

let server: TestApp;
let manager: { authorization: string };
let began = 0;
beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('manager@example.test', 'manager');
  await server.addAccount('viewer@example.test', 'viewer');
  manager = (await server.signIn('manager@example.test')).bearer;
});
afterAll(() => server.close());
beforeEach(() => {
  began = Math.floor(Date.now() / 1_000) - 600;
});

/** `calls` of one queue, every second one answered; the rest hang up after ten seconds. */
function logOf(prefix: string, queue: string, agent: string, calls: number): string {
  return Array.from({ length: calls }, (_, i) => {
    const at = began + i;
    const id = `${prefix}-${began}-${i}`;
    const entered = `${at}|${id}|${queue}|NONE|ENTERQUEUE||5551234|1\n`;
    return i % 2 === 0
      ? `${entered}${at + 5}|${id}|${queue}|${agent}|CONNECT|5|x|0\n${at + 35}|${id}|${queue}|${agent}|COMPLETECALLER|5|30|1\n`
      : `${entered}${at + 10}|${id}|${queue}|NONE|ABANDON|1|1|10\n`;
  }).join('');
}

async function importLog(payload: string, name: string, source = 'asterisk') {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/v1/imports/asterisk?name=${name}&source=${source}`,
    headers: { ...manager, 'content-type': 'text/plain' },
    payload,
  });
  expect(answer.statusCode, answer.body).toBe(200);
  const [latest] = (await ask('GET', '/imports?limit=1')).json().data;
  return { answer: answer.json().data, id: latest.id as string };
}

const ask = (method: 'GET' | 'DELETE', path: string, headers = manager) => server.ask(method, path, headers);

/** The day's figures once live has read up to `seq`. */
async function figures(seq: number) {
  const answer = await ask('GET', `/metrics/live?window=last60&minSeq=${seq}`);
  const { asOf: _, seq: __, ...rest } = answer.json().data;
  return rest;
}

/** Everything live shows but what moves with the clock. */
async function shown() {
  const now = Date.now();
  const view = await recount(server.test.db, server.test.tenantId, now);
  return { ...everyNumber(view, began * 1_000 + 590_000), sources: [...view.state.sources.values()] };
}

describe('[L1] an import that is taken back', () => {
  it('leaves live as a centre that never had it, is imported again as if nothing had been, and is audited', async () => {
    const kept = await importLog(logOf('b', 'help', 'SIP/bob', 30), 'b.log', 'other');
    const without = await shown();
    const live = await figures(kept.answer.lastSeq);
    const text = logOf('a', 'sales', 'SIP/ann', 40);
    const first = await importLog(text, 'a.log');
    expect(first.answer.accepted).toBe(100);
    const withBoth = await shown();
    expect((await figures(first.answer.lastSeq)).totals.offered).toBe(70);

    const answer = await ask('DELETE', `/imports/${first.id}`);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json().data).toMatchObject({ id: first.id, state: 'voided', voided: 100, accepted: 100 });
    const { seq } = answer.json().meta;
    expect(seq).toBe(first.answer.lastSeq + 1);
    expect(await shown()).toEqual(without);
    await until(async () => (await figures(seq)).totals?.offered === 30, 'live has built its state anew');
    expect((await figures(seq)).queues).toHaveLength(1);
    expect((await figures(seq)).totals.answered).toBe(live.totals.answered);

    const again = await importLog(text, 'a.log');
    expect(again.answer).toMatchObject({ accepted: 100, duplicates: 0, warnings: 0 });
    // What was received when is another thing.
    const { sources: _, ...numbers } = withBoth;
    expect(await shown()).toMatchObject(numbers);
    await until(async () => (await figures(again.answer.lastSeq)).totals?.offered === 70, 'it is back');
    const [entry] = await server.test.ownerSql`
      select actor_name, subject_name, after from analytics_audit_log where action = 'import.voided'`;
    expect(entry).toEqual({
      actor_name: 'manager@example.test',
      subject_name: 'a.log',
      after: { source: 'asterisk', voided: 100 },
    });
  });

  it('keeps the log numbered without a gap, with every event under its number and what it said in it', async () => {
    const { id } = await importLog(logOf('gapless', 'gap', 'SIP/gap', 4), 'gap.log');
    await ask('DELETE', `/imports/${id}`);
    const rows = await inTenant(
      server.test.db,
      server.test.tenantId,
      (tx) => tx<{ seq: number; kind: string; body: { voided?: { kind: string } }; import_id: string }[]>`
        select seq::float8, kind, body, import_id from call_events order by seq`,
    );
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    const voided = rows.filter((row) => row.import_id === id);
    expect(voided).toHaveLength(10);
    expect(voided.every(({ kind }) => kind === 'source.note')).toBe(true);
    expect(voided.map(({ body }) => body.voided?.kind)).toContain('call.queued');
  });

  it('again changes nothing, and answers the same', async () => {
    const { id } = await importLog(logOf('twice', 'twice', 'SIP/2', 3), 'twice.log');
    const first = (await ask('DELETE', `/imports/${id}`)).json();
    const second = (await ask('DELETE', `/imports/${id}`)).json();
    expect(second).toEqual(first);
    const [{ entries } = { entries: 0 }] = await server.test.ownerSql<{ entries: number }[]>`
      select count(*)::int as entries from analytics_audit_log where action = 'import.voided' and subject_id = ${id}`;
    expect(entries).toBe(1);
  });

  it('by several at once is taken back once', async () => {
    const { id } = await importLog(logOf('race', 'race', 'SIP/r', 20), 'race.log');
    const answers = await Promise.all([1, 2, 3].map(() => ask('DELETE', `/imports/${id}`)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.json().meta.seq)).size).toBe(1);
  });

  it('makes the history of the days it touched stale, those its calls reached into too, and no other', async () => {
    const { ownerSql, tenantId } = server.test;
    await ownerSql`delete from history_days`;
    const day = 86_400;
    const today = Math.floor(Date.now() / 1_000 / day) * day;
    for (let offset = -6; offset <= 1; offset++) {
      await ownerSql`
        insert into history_days (tenant_id, started_at, ended_at, fold) values (${tenantId},
          ${new Date((today + offset * day) * 1_000)}, ${new Date((today + (offset + 1) * day) * 1_000)}, 'f')`;
    }
    began = today - 3 * day + 43_200;
    const { id } = await importLog(logOf('past', 'past', 'SIP/p', 4), 'past.log');
    await ask('DELETE', `/imports/${id}`);
    const stale = await ownerSql<{ offset: number }[]>`
      select (extract(epoch from started_at) - ${today})::int / ${day} as offset from history_days
      where stale_since is not null order by started_at`;
    expect(stale.map(({ offset }) => offset)).toEqual([-4, -3, -2, -1]);
  });

  it('takes along the queues and agents only it had named, and none that was changed or is named elsewhere', async () => {
    const { ownerSql, tenantId } = server.test;
    const text = `${logOf('x', 'only-here', 'SIP/only', 2)}${logOf('y', 'renamed', 'SIP/shared', 2)}${logOf('z', 'shared', 'SIP/z', 2)}`;
    const { id } = await importLog(text, 'three.log');
    await importLog(logOf('w', 'shared', 'SIP/shared', 2), 'other.log');
    await ownerSql`update queues set name = 'Renamed' where tenant_id = ${tenantId} and id = 'renamed'`;
    await ask('DELETE', `/imports/${id}`);
    const queues = await ownerSql<{ id: string }[]>`
      select id from queues where id in ('only-here', 'renamed', 'shared') order by id`;
    expect(queues.map((row) => row.id)).toEqual(['renamed', 'shared']);
    const agents = await ownerSql<{ id: string }[]>`
      select id from agents where id in ('SIP/only', 'SIP/shared', 'SIP/z') order by id`;
    expect(agents.map((row) => row.id)).toEqual(['SIP/shared']);
  });

  it('is not one that runs: 409; one whose server died a day ago is taken back; one that failed, too', async () => {
    const { ownerSql, tenantId } = server.test;
    const [running, dead, failed] = [randomUUID(), randomUUID(), randomUUID()];
    await ownerSql`insert into imports (tenant_id, id, source, name) values (${tenantId}, ${running}, 'a', 'running')`;
    await ownerSql`
      insert into imports (tenant_id, id, source, name, started_at)
      values (${tenantId}, ${dead}, 'a', 'dead', now() - interval '25 hours')`;
    await ownerSql`
      insert into imports (tenant_id, id, source, name, state) values (${tenantId}, ${failed}, 'a', 'failed', 'failed')`;
    expect((await ask('DELETE', `/imports/${running}`)).statusCode).toBe(409);
    expect((await ask('GET', `/imports/${running}`)).json().data.state).toBe('running');
    expect((await ask('DELETE', `/imports/${dead}`)).json().data.state).toBe('voided');
    expect((await ask('DELETE', `/imports/${failed}`)).json().data.state).toBe('voided');
  });

  it('is one of the tenant’s own, for whoever may import: others 404, 403, 400', async () => {
    const foreign = randomUUID();
    await server.test.ownerSql`
      insert into imports (tenant_id, id, source, name, state)
      values (${server.test.tenantB}, ${foreign}, 'a', 'theirs', 'done')`;
    const viewer = (await server.signIn('viewer@example.test')).bearer;
    expect((await ask('DELETE', `/imports/${randomUUID()}`)).statusCode).toBe(404);
    expect((await ask('DELETE', `/imports/${foreign}`)).statusCode).toBe(404);
    expect((await ask('GET', `/imports/${foreign}`)).statusCode).toBe(404);
    expect((await ask('DELETE', '/imports/nonsense')).statusCode).toBe(400);
    expect((await ask('DELETE', `/imports/${randomUUID()}`, viewer)).statusCode).toBe(403);
  });

  it('goes through a log larger than a batch, among events that stay', async () => {
    const { db, tenantId } = server.test;
    const { id } = await importLog(logOf('large', 'large', 'SIP/l', 400), 'large.log');
    // 1,000 events in steps of seven numbers, as voidImport does in steps of more.
    const voided = await inTenant(db, tenantId, async (tx) => {
      let sum = 0;
      for (let reached: number | null = 0; reached !== null; ) {
        const [row]: { reached: number | null; voided: number }[] = await tx`
          select reached::float8, voided from void_events(${id}, ${reached}, 7)`;
        sum += row?.voided ?? 0;
        reached = row?.reached ?? null;
      }
      return sum;
    });
    expect(voided).toBe(1_000);
  });

  it('is listed, newest first, a page at a time', async () => {
    const all = (await ask('GET', '/imports')).json().data as { id: string; startedAt: string }[];
    expect(all.map((one) => one.startedAt)).toEqual(
      all
        .map((one) => one.startedAt)
        .sort()
        .reverse(),
    );
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = (await ask('GET', `/imports?limit=2${cursor && `&cursor=${cursor}`}`)).json();
      seen.push(...page.data.map((one: { id: string }) => one.id));
      if (page.meta.nextCursor === null) break;
      cursor = page.meta.nextCursor;
    }
    expect(seen).toEqual(all.map((one) => one.id));
    expect((await ask('GET', '/imports?cursor=made-up')).statusCode).toBe(400);
  });
});
