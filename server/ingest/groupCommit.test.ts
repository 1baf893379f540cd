import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../http/errors.ts';
import { createGroupCommit, type Limits, type Sized } from './groupCommit.ts';

interface Request extends Sized {
  id: number;
  isPoison?: boolean;
}

const limits: Limits = {
  groupEvents: 10,
  groupBytes: 100,
  waitingEvents: 30,
  waitingBytes: 300,
  totalBytes: 500,
};

/** A database whose transactions end when the test says so. */
function manual(failsAll: (error: unknown) => boolean = () => false) {
  const writes: { tenantId: string; ids: number[]; commit(): void; fail(error: Error): void }[] = [];
  const commit = createGroupCommit<Request, number>({
    limits,
    failsAll,
    write: (tenantId, requests) =>
      new Promise((resolve, reject) => {
        const ids = requests.map((request) => request.id);
        writes.push({ tenantId, ids, commit: () => resolve(ids), fail: reject });
      }),
  });
  return { commit, writes };
}

const one = (id: number, overrides: Partial<Request> = {}): Request => ({
  id,
  events: 1,
  bytes: 10,
  ...overrides,
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('createGroupCommit', () => {
  it('writes the first request at once, and those arriving meanwhile together', async () => {
    const { commit, writes } = manual();
    const answers = [1, 2, 3].map((id) => commit.submit('a', one(id)));
    expect(writes.map((write) => write.ids)).toEqual([[1]]);
    writes[0]?.commit();
    await settle();
    expect(writes.map((write) => write.ids)).toEqual([[1], [2, 3]]);
    writes[1]?.commit();
    expect(await Promise.all(answers)).toEqual([1, 2, 3]);
  });

  it('a transaction holds no more than its limit of events and bytes, and always at least one request', async () => {
    const { commit, writes } = manual();
    const sizes = [
      one(1),
      one(2, { events: 6 }),
      one(3, { events: 4 }),
      one(4),
      one(5, { bytes: 120 }),
      one(6),
    ];
    for (const request of sizes) void commit.submit('a', request);
    for (let turn = 0; turn < 5; turn++) {
      writes[turn]?.commit();
      await settle();
    }
    expect(writes.map((write) => write.ids)).toEqual([[1], [2, 3], [4], [5], [6]]);
  });

  it('[L13] turns a request away once too much waits for its tenant, and says when to come back', async () => {
    const { commit, writes } = manual();
    const accepted = [one(1, { events: 30 }), one(2, { events: 30 })].map((request) =>
      commit.submit('a', request),
    );
    const refused = await commit.submit('a', one(3)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'overloaded' });
    // Another tenant is not held up.
    const other = commit.submit('b', one(4));
    for (const write of writes) write.commit();
    await settle();
    for (const write of writes) write.commit();
    expect(await Promise.all([...accepted, other])).toEqual([1, 2, 4]);
  });

  it('[L13] bounds the bytes of all tenants together', async () => {
    const { commit } = manual();
    for (let tenant = 0; tenant < 5; tenant++) void commit.submit(`t${tenant}`, one(tenant, { bytes: 100 }));
    await expect(commit.submit('t9', one(9))).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('[L13] forgets a tenant that has fallen silent', async () => {
    const { commit, writes } = manual();
    void commit.submit('a', one(1));
    expect(commit.load()).toMatchObject({ tenants: 1, bytes: 10 });
    writes[0]?.commit();
    await commit.drained();
    expect(commit.load()).toEqual({ tenants: 0, events: 0, bytes: 0 });
  });

  it('retries the requests of a failed transaction alone, so that one cannot fail its neighbours', async () => {
    const { commit, writes } = manual();
    const answers = [1, 2, 3].map((id) => commit.submit('a', one(id)).catch(() => `failed ${id}`));
    writes[0]?.commit();
    await settle();
    writes[1]?.fail(new Error('poison'));
    await settle();
    writes[2]?.fail(new Error('poison'));
    await settle();
    writes[3]?.commit();
    expect(await Promise.all(answers)).toEqual([1, 'failed 2', 3]);
    expect(writes.map((write) => write.ids)).toEqual([[1], [2, 3], [2], [3]]);
  });

  it('[S67] fails every request of a transaction at once when the database is away', async () => {
    const { commit, writes } = manual((error) => error instanceof Error && error.message === 'away');
    const answers = [1, 2, 3].map((id) => commit.submit('a', one(id)).catch(() => `failed ${id}`));
    writes[0]?.commit();
    await settle();
    writes[1]?.fail(new Error('away'));
    expect(await Promise.all(answers)).toEqual([1, 'failed 2', 'failed 3']);
    expect(writes).toHaveLength(2);
  });

  it('answers every request once, in any interleaving of arrivals, commits and failures', async () => {
    const step = fc.record({
      tenant: fc.constantFrom('a', 'b'),
      events: fc.integer({ min: 1, max: 12 }),
      isPoison: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 30 }), async (scheduler, steps) => {
        const stored: number[] = [];
        let running = 0;
        const commit = createGroupCommit<Request, number>({
          limits,
          failsAll: () => false,
          async write(tenantId, requests) {
            if (tenantId === 'a') expect(++running).toBe(1);
            await scheduler.schedule(Promise.resolve());
            if (tenantId === 'a') running--;
            if (requests.some((request) => request.isPoison)) throw new Error('poison');
            stored.push(...requests.map((request) => request.id));
            return requests.map((request) => request.id);
          },
        });
        const answers = steps.map((drawn, id) =>
          scheduler
            .schedule(Promise.resolve())
            .then(() =>
              commit.submit(drawn.tenant, { id, events: drawn.events, bytes: 1, isPoison: drawn.isPoison }),
            )
            .then(
              (answer) => ({ id, answer }),
              (error: unknown) => ({ id, error }),
            ),
        );
        await scheduler.waitFor(Promise.all(answers));
        const settled = await Promise.all(answers);
        for (const result of settled) {
          if ('answer' in result) expect(result.answer).toBe(result.id);
          else if (!(result.error instanceof AppError)) expect(steps[result.id]?.isPoison).toBe(true);
        }
        const answered = settled.flatMap((result) => ('answer' in result ? [result.id] : []));
        expect([...stored].sort((a, b) => a - b)).toEqual(answered);
        expect(commit.load()).toEqual({ tenants: 0, events: 0, bytes: 0 });
      }),
    );
  });
});
