import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory, type History, RANGE } from '../testing.ts';

let history: History;
let bearer: { authorization: string };

beforeAll(async () => {
  history = await createHistory(300);
  const { tenantId, ownerSql } = history.test;
  await ownerSql`update agents set name = '=cmd()' where tenant_id = ${tenantId} and id = 'a1'`;
  ({ bearer } = await history.signIn('admin@example.test'));
});
afterAll(() => history.close());

const LISTS = ['/summary', '/sectors', '/trends', '/trends?groupBy=queue', '/agents', '/top'];
const addressOf = (list: string, suffix = '') => {
  const [path = '', parameters] = list.split('?');
  return `${path}${suffix}?${RANGE}${parameters === undefined ? '' : `&${parameters}`}`;
};

/** Cells of CSV without line breaks in them. */
function tableOf(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}

describe('a file', () => {
  it.each(LISTS)('of %s has the rows and figures of the answer', async (list) => {
    const { data } = (await history.get(addressOf(list))).json();
    const file = await history.get(addressOf(list, '.csv'));
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.headers['content-disposition']).toMatch(
      /^attachment; filename="\w+-2026-09-28-2026-11-03\.csv"$/,
    );
    const rows: Record<string, unknown>[] = [data].flat();
    const table = tableOf(file.body);
    expect(table).toHaveLength(rows.length);
    for (const [place, { thresholds, lowSample, name, ...row }] of rows.entries()) {
      for (const [column, value] of Object.entries(row))
        expect(table[place]?.[column], column).toBe(value === null ? '' : String(value));
      for (const [column, value] of Object.entries(thresholds ?? {}))
        expect(table[place]?.[`thresholds.${column}`]).toBe(value === null ? '' : String(value));
    }
  });

  it('is what Accept prefers', async () => {
    const typeOf = async (accept: string) =>
      String((await history.get(addressOf('/agents'), { ...bearer, accept })).headers['content-type']);
    expect(await typeOf('text/csv')).toMatch('text/csv');
    expect(await typeOf('application/json;q=0.5, text/csv')).toMatch('text/csv');
    expect(await typeOf('text/html, */*')).toMatch('application/json');
    expect(await typeOf('text/csv;q=0.1, application/json')).toMatch('application/json');
  });

  it('[S71] makes no formula of a name', async () => {
    const file = await history.get(addressOf('/agents', '.csv'));
    expect(file.body).toContain("'=cmd()");
    expect(file.body).not.toContain(',=cmd()');
  });

  it('has all rows, however small the page that is asked for', async () => {
    const file = await history.get(`${addressOf('/agents', '.csv')}&limit=1`);
    expect(tableOf(file.body).map(({ agentId }) => agentId)).toEqual(['a0', 'a1', 'a2', 'a3']);
  });

  it('has the compared figures beside the others', async () => {
    const file = await history.get(`${addressOf('/trends', '.csv')}&compare=previous`);
    const { data } = (await history.get(`${addressOf('/trends')}&compare=previous`)).json();
    const table = tableOf(file.body);
    expect(table.map((row) => row['previous.offered'])).toEqual(
      data.map(({ previous }: { previous: { offered: number } }) => String(previous.offered)),
    );
  });

  it('that cannot be made is refused as any other answer', async () => {
    expect((await history.get(`${addressOf('/summary', '.csv')}&queue=none`)).statusCode).toBe(400);
  });
});

describe('an answer that is known already', () => {
  const again = async (address: string, etag: unknown, headers: Record<string, string> = {}) =>
    (await history.get(address, { ...bearer, ...headers, 'if-none-match': String(etag) })).statusCode;

  it.each([...LISTS, '/agents/a0'])('is not sent twice: %s', async (list) => {
    const first = await history.get(addressOf(list));
    expect(first.headers.etag).toMatch(/^W\/"[\w-]{22}"$/);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect(await again(addressOf(list), first.headers.etag)).toBe(304);
    expect(await again(addressOf(list), `"other", ${first.headers.etag}`)).toBe(304);
  });

  it('is another for another question and another form', async () => {
    const address = addressOf('/agents');
    const { etag } = (await history.get(address)).headers;
    expect(await again(`${address}&limit=3`, etag)).toBe(200);
    expect(await again(address, etag, { accept: 'text/csv' })).toBe(200);
    expect(await again(addressOf('/agents', '.csv'), etag)).toBe(200);
  });

  it('is sent again when roll-ups or settings have changed, and then is right', async () => {
    const address = `${addressOf('/summary')}&queue=q0`;
    const { tenantId, db } = history.test;
    const first = await history.get(address);
    await history.stamp();
    expect(await again(address, first.headers.etag)).toBe(200);
    const second = await history.get(address);
    expect(second.json().data).toEqual(first.json().data);
    await db.sql.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
      await tx`update settings set definition = 'asterisk' where tenant_id = ${tenantId}`;
    });
    expect(await again(address, second.headers.etag)).toBe(200);
    expect((await history.get(address)).json().data.definition).toBe('asterisk');
  });
});

it('says up to where the log is in it, and how old what is missing is', async () => {
  const { tenantId, ownerSql } = history.test;
  await ownerSql`
    update projection_checkpoints set seq = 7, recorded_at = now() - interval '5 seconds' where tenant_id = ${tenantId}`;
  await ownerSql`
    insert into event_heads (tenant_id, seq) values (${tenantId}, 7) on conflict (tenant_id) do update set seq = 7`;
  const current = (await history.get(addressOf('/summary'))).json().meta;
  await ownerSql`update event_heads set seq = 9 where tenant_id = ${tenantId}`;
  const behind = (await history.get(addressOf('/summary'))).json().meta;
  expect([current.seq, current.freshness.lagMs]).toEqual([7, 0]);
  expect(behind.freshness.lagMs).toBeGreaterThanOrEqual(5_000);
  expect(behind.range).toEqual({
    startDate: '2026-09-28',
    endDate: '2026-11-03',
    timeZone: 'Europe/Berlin',
  });
});
