import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoreDetail } from '../../../shared/contract/qualityScores.ts';
import { createHistory, type History, RANGE } from '../testing.ts';
import { answersOf, formNamed, okOf, publishForm, QUALITY, scoreCall } from './testing.ts';

type Bearer = Record<string, string>;
let history: History;
let formId: string;
let manager: Bearer;
let north: Bearer;
let other: Bearer;
let south: Bearer;
/** Answered calls of an agent, one for every test. */
const calls = new Map<string, string[]>();

beforeAll(async () => {
  history = await createHistory();
  for (const [email, role, sectors] of [
    ['manager@example.test', 'manager', []],
    ['north@example.test', 'supervisor', ['north']],
    ['other@example.test', 'supervisor', []],
    ['south@example.test', 'supervisor', ['south']],
    ['viewer@example.test', 'viewer', []],
  ] as const)
    await history.addAccount(email, role, sectors);
  const bearerOf = async (name: string) => (await history.signIn(`${name}@example.test`)).bearer;
  [manager, north, other, south] = [
    await bearerOf('manager'),
    await bearerOf('north'),
    await bearerOf('other'),
    await bearerOf('south'),
  ];
  ({ formId } = await publishForm(history, manager, formNamed('Call review')));
  const rows = await history.test.ownerSql<{ identity: string; call_id: string }[]>`
    select distinct identity, call_id from agent_metrics where kind = 'answered' order by 2`;
  for (const { identity, call_id } of rows) calls.set(identity, [...(calls.get(identity) ?? []), call_id]);
});
afterAll(() => history.close());

const callOf = (agentId: string): string => {
  const callId = calls.get(agentId)?.shift();
  if (callId === undefined) throw new Error(`${agentId} has no more calls`);
  return callId;
};
const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, who: Bearer, payload?: object) =>
  history.ask(method, `${QUALITY}/scores${path}`, who, payload);
const begin = (who: Bearer, body: object) =>
  ask('POST', '', who, { callId: callOf('a0'), agentId: 'a0', formId, ...body });

describe('[Q1] a score', () => {
  it('is begun, gone on with, signed, and locked then', async () => {
    const callId = callOf('a0');
    const begun = await begin(north, { callId });
    expect(begun.statusCode, begun.body).toBe(201);
    const draft = begun.json().data as ScoreDetail;
    expect(draft).toMatchObject({
      state: 'draft',
      version: 1,
      score: null,
      agentName: 'Ann',
      reviewer: 'north@example.test',
    });
    const early = await ask('POST', `/${draft.id}/sign`, north, { version: 1 });
    expect(early.json().error.issues.map(({ message }: { message: string }) => message)).toEqual([
      'Tone is not answered',
      'Help is not answered',
      'Data protection is not answered',
    ]);
    const text = '<script>alert(1)</script>\nsecond line';
    const changed = okOf<ScoreDetail>(
      await ask('PATCH', `/${draft.id}`, north, {
        version: 1,
        answers: answersOf({ tone: null, help: 7 }),
        comment: text,
      }),
    );
    expect(changed).toMatchObject({ version: 2, comment: text, failedCritical: [] });
    expect(changed.score).toBeCloseTo(((7 * 3 + 10) / 40) * 100, 10);
    const signed = okOf<ScoreDetail>(await ask('POST', `/${draft.id}/sign`, north, { version: 2 }));
    expect(signed).toMatchObject({
      state: 'signed',
      isPassed: false,
      version: 3,
      signedAt: expect.any(String),
    });
    const locked = await ask('PATCH', `/${draft.id}`, north, { version: 3, comment: 'more' });
    expect([locked.statusCode, locked.json().error.current.state]).toEqual([409, 'signed']);
    expect(okOf(await ask('GET', `/${draft.id}`, other))).toEqual(signed);
  });

  it('with a failed critical criterion is 0, and says which', async () => {
    const signed = await scoreCall(history, north, {
      callId: callOf('a0'),
      agentId: 'a0',
      formId,
      answers: answersOf({ law: 0 }),
    });
    expect(signed).toMatchObject({ score: 0, isPassed: false, failedCritical: ['law'] });
  });

  it('sent twice with one id is one; of two by the same reviewer at once one wins, and the other is shown it', async () => {
    const [id, callId] = [randomUUID(), callOf('a0')];
    const twice = await Promise.all([begin(north, { id, callId }), begin(north, { id, callId })]);
    expect(twice.map(({ statusCode }) => statusCode).sort()).toEqual([200, 201]);
    expect(new Set(twice.map((answer) => answer.json().data.id))).toEqual(new Set([id]));
    const next = callOf('a0');
    const raced = await Promise.all([begin(north, { callId: next }), begin(north, { callId: next })]);
    expect(raced.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    const won = raced.find(({ statusCode }) => statusCode === 201)?.json().data;
    const lost = raced.find(({ statusCode }) => statusCode === 409)?.json().error;
    expect(lost.current).toEqual(won);
    // Another reviewer may.
    expect((await begin(other, { callId: next })).statusCode).toBe(201);
    // Nor is an id somebody else's to use.
    expect((await begin(other, { id, callId })).statusCode).toBe(409);
  });

  it('changed from two windows keeps what came first', async () => {
    const { id } = okOf<ScoreDetail>(await begin(north, {}));
    const answers = await Promise.all(
      ['a', 'b'].map((comment) => ask('PATCH', `/${id}`, north, { version: 1, comment })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const lost = answers.find(({ statusCode }) => statusCode === 409)?.json().error;
    expect(lost.current).toEqual(okOf(await ask('GET', `/${id}`, north)));
  });

  it('begun on a version is finished on it, though the form has changed meanwhile', async () => {
    const form = await publishForm(history, manager, formNamed('Moving'));
    const draft = okOf<ScoreDetail>(await begin(north, { formId: form.formId, answers: answersOf() }));
    const path = `${QUALITY}/forms/${form.formId}`;
    const content = { ...formNamed('Moving'), sections: formNamed('Moving').sections.slice(1) };
    okOf(await history.ask('PUT', path, manager, { revision: null, content }));
    okOf(await history.ask('POST', `${path}/publish`, manager, { revision: 1 }));
    const signed = okOf<ScoreDetail>(await ask('POST', `/${draft.id}/sign`, north, { version: 1 }));
    expect(signed).toMatchObject({ formVersion: 1, score: 100 });
    const next = okOf<ScoreDetail>(await begin(north, { formId: form.formId }));
    expect(next.formVersion).toBe(2);
  });

  it('as a draft is its reviewer’s alone, who may throw it away', async () => {
    const { id, callId } = okOf<ScoreDetail>(await begin(north, {}));
    for (const who of [other, manager]) {
      expect((await ask('GET', `/${id}`, who)).statusCode).toBe(404);
      expect((await ask('POST', `/${id}/sign`, who, { version: 1 })).statusCode).toBe(404);
      const listed = await ask('GET', `?${RANGE}&state=draft&callId=${callId}`, who);
      expect(okOf(listed)).toEqual([]);
    }
    expect(okOf(await ask('GET', `?${RANGE}&state=draft&callId=${callId}`, north))).toHaveLength(1);
    expect((await ask('DELETE', `/${id}?version=1`, north)).statusCode).toBe(204);
    expect((await ask('GET', `/${id}`, north)).statusCode).toBe(404);
  });
});

describe('a signed score', () => {
  it('is acknowledged for the agent, once', async () => {
    const { id, version } = await scoreCall(history, north, { callId: callOf('a1'), agentId: 'a1', formId });
    const seen = okOf<ScoreDetail>(
      await ask('POST', `/${id}/acknowledge`, other, { version, comment: 'Thank you.' }),
    );
    expect(seen).toMatchObject({
      state: 'acknowledged',
      acknowledged: { by: 'other@example.test', comment: 'Thank you.' },
    });
    const again = await ask('POST', `/${id}/dispute`, other, { version: seen.version, reason: 'No.' });
    expect(again.statusCode).toBe(409);
  });

  it('is disputed and resolved by a manager; what it said before is kept, and the audit says all of it', async () => {
    const signed = await scoreCall(history, north, {
      callId: callOf('a1'),
      agentId: 'a1',
      formId,
      answers: answersOf({ help: 2 }),
    });
    const { id } = signed;
    expect(
      (await ask('POST', `/${id}/dispute`, north, { version: signed.version, reason: ' ' })).statusCode,
    ).toBe(400);
    const disputed = okOf<ScoreDetail>(
      await ask('POST', `/${id}/dispute`, north, { version: signed.version, reason: 'The caller hung up.' }),
    );
    const resolution = { version: disputed.version, comment: 'Right.', answers: answersOf({ help: 9 }) };
    expect((await ask('POST', `/${id}/resolve`, north, resolution)).statusCode).toBe(403);
    const short = { ...resolution, answers: answersOf().slice(1) };
    expect((await ask('POST', `/${id}/resolve`, manager, short)).json().error.issues).toEqual([
      { path: 'answers', message: 'Tone is not answered' },
    ]);
    const resolved = okOf<ScoreDetail>(await ask('POST', `/${id}/resolve`, manager, resolution));
    expect(resolved).toMatchObject({
      state: 'resolved',
      disputed: { by: 'north@example.test', comment: 'The caller hung up.' },
      resolved: { by: 'manager@example.test', comment: 'Right.' },
      original: { score: signed.score, answers: signed.answers, isPassed: false },
      isPassed: true,
    });
    expect(resolved.score).toBeCloseTo(((10 + 27 + 10) / 50) * 100, 10);
    const audited = await history.test.ownerSql`
      select action, actor_name, before, after from analytics_audit_log where subject_id = ${id} order by occurred_at`;
    expect(audited.map(({ action, actor_name }) => [action, actor_name.split('@')[0]])).toEqual([
      ['quality.score_begun', 'north'],
      ['quality.score_signed', 'north'],
      ['quality.score_disputed', 'north'],
      ['quality.score_resolved', 'manager'],
    ]);
    expect(audited.at(-1)).toMatchObject({
      before: { score: signed.score },
      after: { score: resolved.score },
    });
    // What is said about people stays out of it.
    expect(JSON.stringify(audited)).not.toContain('hung up');
  });

  it('that stands after a dispute has no other original', async () => {
    const { id, version } = await scoreCall(history, north, { callId: callOf('a1'), agentId: 'a1', formId });
    await ask('POST', `/${id}/dispute`, north, { version, reason: 'Why?' });
    const resolved = okOf<ScoreDetail>(
      await ask('POST', `/${id}/resolve`, manager, { version: version + 1, comment: 'It stands.' }),
    );
    expect(resolved).toMatchObject({ state: 'resolved', score: 100, original: null });
  });
});

describe('[S46] somebody held to sectors', () => {
  it('scores and sees agents of those alone', async () => {
    const theirs = await scoreCall(history, other, { callId: callOf('a2'), agentId: 'a2', formId });
    expect((await ask('GET', `/${theirs.id}`, south)).statusCode).toBe(200);
    expect((await ask('GET', `/${theirs.id}`, north)).statusCode).toBe(404);
    const { version } = theirs;
    expect((await ask('POST', `/${theirs.id}/acknowledge`, north, { version })).statusCode).toBe(404);
    const answer = await ask('POST', '', north, { callId: callOf('a2'), agentId: 'a2', formId });
    expect(answer.json().error.issues).toEqual([{ path: 'agentId', message: 'a2: there is no such agent' }]);
    const listed = okOf<ScoreDetail[]>(await ask('GET', `?${RANGE}`, north));
    expect(listed.length).toBeGreaterThan(3);
    expect(new Set(listed.map(({ sectorId }) => sectorId))).toEqual(new Set(['north']));
  });

  it('to none, a viewer, sees no score', async () => {
    const viewer = (await history.signIn('viewer@example.test')).bearer;
    expect((await ask('GET', `?${RANGE}`, viewer)).statusCode).toBe(403);
  });
});

describe('a body that makes no sense', () => {
  const [tone, help, law] = answersOf();
  it.each<[object, string]>([
    [{ callId: 'nowhere' }, 'callId'],
    [{ agentId: 'nobody' }, 'agentId'],
    [{ formId: randomUUID() }, 'formId'],
    [{ formId: 'mine' }, 'formId'],
    [{ id: 'mine' }, 'id'],
    [{ answers: [{ ...tone, points: 11 }] }, 'answers.0.points'],
    [{ answers: [{ ...tone, points: -1 }] }, 'answers.0.points'],
    [{ answers: [{ ...tone, points: 1.5 }] }, 'answers.0.points'],
    [{ answers: [tone, { ...law, points: 5 }] }, 'answers.1.points'],
    [{ answers: [{ ...help, points: null }] }, 'answers.0.points'],
    [{ answers: [{ ...tone, criterionId: 'height' }] }, 'answers.0.criterionId'],
    [{ answers: [tone, tone] }, 'answers.1.criterionId'],
    [{ comment: 'x'.repeat(2_001) }, 'comment'],
    [{ comment: 'bell \u0007' }, 'comment'],
    [{ answers: [{ ...tone, comment: '\u202egnirts' }] }, 'answers.0.comment'],
    [{ mood: 'good' }, 'mood'],
  ])('is refused, naming the field: %j', async (body, path) => {
    const answer = await begin(north, body);
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json().error.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });
});
