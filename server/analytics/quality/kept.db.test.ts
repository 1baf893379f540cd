import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { qualitySummaryAnswer, qualityTrendsAnswer } from '../../../shared/contract/quality.ts';
import { migrate } from '../../db/migrate.ts';
import { deriveUrls } from '../../db/roles.ts';
import { createEmptyDatabase, dropDatabase } from '../../db/testing/server.ts';
import { RANGE } from '../testing.ts';
import { createReviewed, type Reviewed } from './testing/reviewed.ts';
import { answersOf, formNamed } from './testing.ts';

/** What is kept of scores to add them up: their points packed, and of which calls there are several. */

let history: Reviewed['history'];
let formId: string;
let versionId: string;
let read: Reviewed['read'];
beforeAll(async () => {
  ({ history, formId, read } = await createReviewed());
  const [form] = await history.test.ownerSql`select id from quality_forms where form_id = ${formId}`;
  versionId = form?.id;
  // As integrators answer: parts of a point, less than there is to answer, in an order of their own.
  const given = [
    answersOf({ tone: 2.5, help: 0.1 }),
    answersOf({ tone: 1 / 3 }).slice(0, 1),
    answersOf({ tone: null, law: 0 }).reverse(),
    [],
  ];
  for (const answers of given) await insertReview(someCall(), { answers });
}, 60_000);
afterAll(() => history.close());

let inserted = 0;
type Call = { callId: string; agentId: string };
async function insertReview(
  { callId, agentId }: Call,
  { answers = answersOf(), sql = history.test.ownerSql }: { answers?: object[]; sql?: postgres.Sql } = {},
): Promise<string> {
  inserted++;
  const [row] = await sql`
    insert into call_quality_scores (tenant_id, id, call_id, agent_id, queue_id, called_at, is_call_known, origin, event_seq,
      reviewer_name, form_version_id, form_name, answers, score, state, signed_at)
    values (${history.test.tenantId}, gen_random_uuid(), ${callId}, ${agentId}, 'sales', '2026-10-20T10:00:00Z', true, 'event',
      ${inserted}, ${`Reviewer ${inserted}`}, ${versionId}, 'Call review', ${sql.json(answers as postgres.JSONValue)}, 50, 'signed', now())
    returning id`;
  // Nothing remembered answers what is asked next.
  await sql`update quality_checkpoints set changes = changes + 1`;
  return row?.id;
}

/** One that nobody has reviewed. */
function someCall(): Call {
  return { callId: `kept-${inserted + 1}`, agentId: 'a0' };
}

describe('[Q1] figures by criterion', () => {
  it('are those of the answers one by one, whatever they leave out and in parts of a point', async () => {
    const wanted = await history.test.ownerSql`
      select a."criterionId", count(a.points)::integer as answered, (count(*) - count(a.points))::integer as none,
        sum(a.points)::float8 / 10 / count(a.points) as share,
        count(*) filter (where a."criterionId" = 'law' and a.points = 0)::integer as failures
      from call_quality_scores s, jsonb_to_recordset(s.answers) a ("criterionId" text, points float8)
      where s.state <> 'draft' group by 1`;
    const { data } = await read(`/summary?${RANGE}`, qualitySummaryAnswer);
    expect(wanted).toHaveLength(3);
    expect(data.criteria).toHaveLength(3);
    for (const { criterionId, answered, none, share, failures } of wanted) {
      const shown = data.criteria.find((one) => one.criterionId === criterionId);
      expect(shown).toMatchObject({ answered, notApplicable: none, criticalFailures: failures });
      expect(shown?.share).toBeCloseTo(share, 10);
    }
    const [day] = await history.test.ownerSql`
      select count(a.points)::integer as answered, sum(a.points)::float8 / 10 / count(a.points) as share
      from call_quality_scores s, jsonb_to_recordset(s.answers) a ("criterionId" text, points float8)
      where s.state <> 'draft' and a."criterionId" = 'tone'
        and (s.called_at at time zone 'Europe/Berlin')::date = '2026-10-20'`;
    const steps = await read(
      `/trends?startDate=2026-10-20&endDate=2026-10-20&form=${formId}&criterion=tone`,
      qualityTrendsAnswer,
    );
    expect(steps.data[0]?.criterionAnswered).toBe(day?.answered);
    expect(steps.data[0]?.criterionShare).toBeCloseTo(day?.share, 10);
  });

  it('follow answers that are changed', async () => {
    const before = (await read(`/summary?${RANGE}`, qualitySummaryAnswer)).data;
    const id = await insertReview(someCall(), { answers: answersOf({ law: 0 }) });
    await history.test.ownerSql`
      update call_quality_scores set answers = ${history.test.ownerSql.json(answersOf({ law: 10 }))} where id = ${id}`;
    const { data } = await read(`/summary?${RANGE}&reviewer=Reviewer ${inserted}`, qualitySummaryAnswer);
    expect(data.criteria.map(({ criterionId, answered, share }) => [criterionId, answered, share])).toEqual([
      ['tone', 1, 1],
      ['help', 1, 1],
      ['law', 1, 1],
    ]);
    expect(before.criteria.length).toBe(3);
  });
});

describe('[Q2] a call that several have reviewed', () => {
  const hasOthers = async (ids: readonly string[]) => {
    const rows = await history.test.ownerSql`
      select has_others from call_quality_scores where id = any(${[...ids]}) order by event_seq`;
    return rows.map((row) => row.has_others);
  };

  it('is known by each of its reviews, and counts once', async () => {
    const call = someCall();
    const ids = [await insertReview(call)];
    expect(await hasOthers(ids)).toEqual([false]);
    const one = (await read(`/summary?${RANGE}`, qualitySummaryAnswer)).data;
    ids.push(await insertReview(call), await insertReview(call));
    expect(await hasOthers(ids)).toEqual([true, true, true]);
    const { data } = await read(`/summary?${RANGE}`, qualitySummaryAnswer);
    expect([data.reviews, data.reviewed, data.calibrationPairs]).toEqual([
      one.reviews + 2,
      one.reviewed,
      one.calibrationPairs + 3,
    ]);
    const [counted] = await history.test.ownerSql`
      select count(distinct (call_id, agent_id))::integer as calls from call_quality_scores where state <> 'draft'`;
    expect(data.reviewed).toBe(counted?.calls);
  });

  it('is known once it turns out whose it was', async () => {
    const call = someCall();
    const ids = [await insertReview(call), await insertReview({ ...call, agentId: 'nobody' })];
    expect(await hasOthers(ids)).toEqual([false, false]);
    await history.test
      .ownerSql`update call_quality_scores set agent_id = ${call.agentId} where id = ${ids[1] ?? ''}`;
    expect(await hasOthers(ids)).toEqual([true, true]);
  });

  it('is known where two begin at the same moment', async () => {
    const call = someCall();
    const others = postgres(history.test.databaseUrl, { max: 1, onnotice: () => {} });
    onTestFinished(() => others.end());
    const [{ pid } = { pid: 0 }] = await others<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const ids: string[] = [];
    let second = Promise.resolve('');
    await history.test.ownerSql.begin(async (tx) => {
      ids.push(await insertReview(call, { sql: tx as unknown as postgres.Sql })); // It asks as a client does.
      second = insertReview(call, { sql: others });
      const isWaiting = async () =>
        (
          await history.test
            .ownerSql`select from pg_locks where pid = ${pid} and locktype = 'advisory' and not granted`
        ).length;
      await expect.poll(isWaiting).toBe(1);
    });
    ids.push(await second);
    expect(await hasOthers(ids)).toEqual([true, true]);
  });
});

it('scores kept from before are packed by the upgrade as new ones are', async () => {
  const { url: serverUrl } = inject('testServer');
  const url = await createEmptyDatabase(serverUrl);
  onTestFinished(() => dropDatabase(serverUrl, new URL(url).pathname.slice(1)));
  const folder = await mkdtemp(join(tmpdir(), 'callboard-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('drizzle', folder, { recursive: true });
  const journalFile = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(journalFile, 'utf8'));
  journal.entries = journal.entries.filter(({ idx }: { idx: number }) => idx < 41);
  await writeFile(journalFile, JSON.stringify(journal));
  const log = pino({ level: 'silent' });
  await migrate(deriveUrls(url, null), log, folder);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  const tenant = '7e000000-0000-4000-8000-000000000001';
  const form = 'f0000000-0000-4000-8000-000000000001';
  await sql`insert into tenants (id, name, slug) values (${tenant}, 'Kept', 'kept')`;
  await sql`
    insert into quality_forms (tenant_id, id, form_id, version, state, name, guidance, pass_mark, sections, created_by)
    values (${tenant}, ${form}, ${form}, 1, 'published', 'Kept', '', 80, ${sql.json(formNamed('Kept').sections)}, 'somebody')`;
  const insert = (callId: string, seq: number, answers: object[], version: string | null = form) => sql`
    insert into call_quality_scores (tenant_id, id, call_id, agent_id, called_at, is_call_known, origin, event_seq,
      reviewer_name, form_version_id, form_name, answers, state, signed_at)
    values (${tenant}, gen_random_uuid(), ${callId}, 'ann', now(), true, 'event', ${seq}, 'Helen', ${version}, 'Kept',
      ${sql.json(answers as postgres.JSONValue)}, 'signed', now())`;
  const reviews = async (from: number) => {
    await insert('twice', from, answersOf({ tone: null }));
    await insert('twice', from + 1, answersOf({ tone: 7.5 }));
    await insert('once', from + 2, answersOf({ law: 0 }).slice(1));
    await insert('theirs', from + 3, answersOf(), null);
  };
  await reviews(1);
  await migrate(deriveUrls(url, null), log);
  const kept = () => sql`
    select call_id, encode(points, 'hex') as points, has_others from call_quality_scores order by event_seq`;
  const upgraded = await kept();
  await sql`delete from call_quality_scores`;
  await reviews(1);
  expect(upgraded).toEqual(await kept());
  expect(upgraded.map(({ points }) => points)).toEqual([
    'ff0a0a',
    expect.stringMatching(/^.{48}$/),
    'fe0a00',
    null,
  ]);
  expect(upgraded.map((row) => row.has_others)).toEqual([true, true, false, false]);
});
