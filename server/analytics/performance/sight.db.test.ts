import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bearer } from '../../testing.ts';
import { createHistory, type History, RANGE } from '../testing.ts';

/** Whoever is held to sectors is told of those and of nothing else, and not that there is anything else. */

let history: History;
let north: Bearer;

beforeAll(async () => {
  history = await createHistory(300);
  await history.addAccount('north@example.test', 'supervisor', ['north']);
  north = (await history.signIn('north@example.test')).bearer;
});
afterAll(() => history.close());

const asNorth = async (address: string) => {
  const answer = await history.get(address, north);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().data;
};
const asAdmin = async (address: string) => (await history.get(address)).json().data;

describe('a supervisor held to a sector', () => {
  it('sees totals over the queues of it alone', async () => {
    expect(await asNorth(`/summary?${RANGE}`)).toEqual(await asAdmin(`/summary?${RANGE}&sector=north`));
    expect(await asNorth(`/trends?${RANGE}&groupBy=week`)).toEqual(
      await asAdmin(`/trends?${RANGE}&groupBy=week&sector=north`),
    );
    expect(await asNorth(`/summary?${RANGE}`)).not.toEqual(await asAdmin(`/summary?${RANGE}`));
  });

  it('sees that sector, its queues and its agents in every list', async () => {
    const idsOf = async (address: string, id: string): Promise<string[]> =>
      (await asNorth(address)).map((row: Record<string, string>) => row[id]);
    expect(await idsOf(`/sectors?${RANGE}`, 'sectorId')).toEqual(['north']);
    expect(await idsOf(`/trends?${RANGE}&groupBy=queue`, 'queueId')).toEqual(['q0', 'q1']);
    expect(await idsOf(`/agents?${RANGE}`, 'agentId')).toEqual(['a0', 'a1']);
    expect((await idsOf(`/top?${RANGE}&metric=answered`, 'agentId')).sort()).toEqual(['a0', 'a1']);
  });

  it('[T9] sees all of an agent’s work, but by queue only that in hers', async () => {
    const { queues, ...whole } = await asNorth(`/agents/a0?${RANGE}`);
    const { queues: all, ...seenByAdmin } = await asAdmin(`/agents/a0?${RANGE}`);
    expect(whole).toEqual(seenByAdmin);
    expect(queues.map(({ queueId }: { queueId: string }) => queueId)).toEqual(['q0', 'q1']);
    expect(all).toHaveLength(3);
  });

  it.each([
    [`/summary?${RANGE}&queue=q2`, `/summary?${RANGE}&queue=none`],
    [`/summary?${RANGE}&sector=south`, `/summary?${RANGE}&sector=none`],
    [`/waits?${RANGE}&queue=q2`, `/waits?${RANGE}&queue=none`],
    [`/trends?${RANGE}&queue=q2`, `/trends?${RANGE}&queue=none`],
    [`/sectors?${RANGE}&sector=south`, `/sectors?${RANGE}&sector=none`],
    [`/agents?${RANGE}&agent=a2`, `/agents?${RANGE}&agent=none`],
    [`/agents?${RANGE}&queue=q2`, `/agents?${RANGE}&queue=none`],
    [`/top?${RANGE}&sector=south`, `/top?${RANGE}&sector=none`],
    [`/agents/a2?${RANGE}`, `/agents/none?${RANGE}`],
    [`/agents/a2/days?${RANGE}`, `/agents/none/days?${RANGE}`],
  ])('[S46] is told of %s what she is told of %s', async (foreign, unknown) => {
    const [one, other] = [await history.get(foreign, north), await history.get(unknown, north)];
    expect([400, 404]).toContain(one.statusCode);
    const errorOf = (body: string) =>
      body.replace(/q2|south|a2|none/g, 'x').replace(/"requestId":"[^"]*"/, '');
    expect(errorOf(one.body)).toBe(errorOf(other.body));
    expect(one.statusCode).toBe(other.statusCode);
  });

  it('[S48] is not told that what an administrator has is what she has', async () => {
    const admins = await history.get(`/summary?${RANGE}`);
    const etag = String(admins.headers.etag);
    expect((await history.get(`/summary?${RANGE}`, { ...north, 'if-none-match': etag })).statusCode).toBe(
      200,
    );
  });
});

describe('a key', () => {
  it('reads history with the scope for it, and with no other', async () => {
    const { access } = history.parts;
    const { tenantId } = history.test;
    const [account] = await history.test.ownerSql`select id from accounts where email = 'admin@example.test'`;
    for (const [scope, status] of [
      ['analytics:read', 200],
      ['live:read', 403],
      ['events:write', 403],
    ] as const) {
      const by = { kind: 'system', id: null, name: 'test', address: null, requestId: null } as const;
      const { key } = await access.apiKeys.create(by, {
        tenantId,
        name: scope,
        scopes: [scope],
        createdBy: account?.id,
      });
      const answer = await history.get(`/summary?${RANGE}`, { authorization: `Bearer ${key}` });
      expect(answer.statusCode, scope).toBe(status);
    }
  });
});
