import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormDetail } from '../../../shared/contract/qualityForms.ts';
import type { ScoreDetail } from '../../../shared/contract/qualityScores.ts';
import type { Bearer } from '../../testing.ts';
import { createHistory, type History, RANGE } from '../testing.ts';
import { answersOf, formNamed, okOf, publishForm, QUALITY, scoreCall } from './testing.ts';

/** What becomes of forms that are retired, and of drafts that are thrown away. */

let history: History;
let manager: Bearer;
let supervisor: Bearer;
const calls: string[] = [];
beforeAll(async () => {
  history = await createHistory(200);
  await history.addAccount('manager@example.test', 'manager');
  await history.addAccount('supervisor@example.test', 'supervisor');
  manager = (await history.signIn('manager@example.test')).bearer;
  supervisor = (await history.signIn('supervisor@example.test')).bearer;
  const rows = await history.test.ownerSql`
    select distinct call_id from agent_metrics where kind = 'answered' and identity = 'a0' order by 1`;
  calls.push(...rows.map(({ call_id }) => String(call_id)));
});
afterAll(() => history.close());

const form = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, who = manager, body: object = {}) =>
  history.ask(method, `${QUALITY}/forms/${path}`, who, method === 'GET' ? undefined : body);
const read = async (formId: string) => okOf<FormDetail>(await form('GET', formId));
const begin = (formId: string, callId = calls.pop()) =>
  history.ask('POST', `${QUALITY}/scores`, manager, { callId, agentId: 'a0', formId });
const auditOf = async (formId: string) =>
  (
    await history.test.ownerSql`
      select action, actor_name, after from analytics_audit_log where subject_id = ${formId} order by occurred_at`
  ).map(({ action, after }) => [action, after.formVersion]);

it('a form that is retired takes no new score, what was begun on it is finished, and its scores count on', async () => {
  const { formId } = await publishForm(history, manager, formNamed('Going'));
  const signed = await scoreCall(history, manager, { callId: String(calls.pop()), agentId: 'a0', formId });
  const draft = okOf<ScoreDetail>(await begin(formId));
  expect((await form('POST', `${formId}/retire`, supervisor)).statusCode).toBe(403);
  const retired = okOf<FormDetail>(await form('POST', `${formId}/retire`));
  expect(retired).toMatchObject({ state: 'retired', published: null, draft: null, scores: 2 });
  expect(retired.versions[0]?.retiredAt).not.toBeNull();
  const refused = await begin(formId);
  expect(refused.statusCode).toBe(400);
  expect(refused.json().error.issues.map(({ path }: { path: string }) => path)).toEqual(['formId']);
  const path = `${QUALITY}/scores/${draft.id}`;
  const filled = okOf<ScoreDetail>(
    await history.ask('PATCH', path, manager, { version: draft.version, answers: answersOf({ help: 5 }) }),
  );
  okOf(await history.ask('POST', `${path}/sign`, manager, { version: filled.version }));
  const { data } = (await history.ask('GET', `${QUALITY}/summary?${RANGE}&form=${formId}`, manager)).json();
  // (10 + 5 × 3 + 10) of 50.
  expect(data).toMatchObject({ reviews: 2, qualityScore: (Number(signed.score) + 70) / 2 });
  expect((await auditOf(formId)).at(-1)).toEqual(['quality.form_retired', 1]);
});

it('a form is retired once, at once or one after the other; not before it was published, nor where there is none', async () => {
  const { formId } = await publishForm(history, manager, formNamed('Once'));
  const both = await Promise.all([form('POST', `${formId}/retire`), form('POST', `${formId}/retire`)]);
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  const late = both.find(({ statusCode }) => statusCode === 409)?.json().error;
  expect(late.current).toMatchObject({ formId, state: 'retired' });
  expect((await auditOf(formId)).filter(([action]) => action === 'quality.form_retired')).toHaveLength(1);
  const made = okOf<FormDetail>(await history.ask('POST', `${QUALITY}/forms`, manager, formNamed('Early')));
  expect((await form('POST', `${made.formId}/retire`)).statusCode).toBe(409);
  expect((await form('POST', '00000000-0000-4000-8000-000000000000/retire')).statusCode).toBe(404);
});

it('a form that is retired leaves its name to another, and comes back as its next version', async () => {
  const { formId } = await publishForm(history, manager, formNamed('Name'));
  okOf(await form('POST', `${formId}/retire`));
  await publishForm(history, manager, formNamed('Name'));
  okOf(await form('PUT', formId, manager, { revision: null, content: formNamed('Name, again') }));
  okOf(await form('POST', `${formId}/publish`, manager, { revision: 1 }));
  expect(await read(formId)).toMatchObject({ state: 'published', published: { version: 2 } });
  expect((await begin(formId)).statusCode).toBe(201);
});

it('a draft that is thrown away leaves the version in use, and the next draft has its number', async () => {
  const { formId } = await publishForm(history, manager, formNamed('Kept'));
  okOf(
    await form('PUT', formId, manager, { revision: null, content: { ...formNamed('Kept'), passMark: 95 } }),
  );
  expect((await form('DELETE', `${formId}/draft`, supervisor)).statusCode).toBe(403);
  const left = okOf<FormDetail>(await form('DELETE', `${formId}/draft`));
  expect(left).toMatchObject({ state: 'published', draft: null });
  expect(left.versions.map(({ version, passMark }) => [version, passMark])).toEqual([[1, 80]]);
  // Whoever still writes at it is told that it is gone, and loses nothing.
  const late = await form('PUT', formId, manager, { revision: 1, content: formNamed('Kept') });
  expect(late.statusCode).toBe(409);
  expect(late.json().error.current).toMatchObject({ formId, draft: null });
  expect((await form('POST', `${formId}/publish`, manager, { revision: 1 })).statusCode).toBe(409);
  okOf(await form('PUT', formId, manager, { revision: null, content: formNamed('Kept') }));
  expect(await read(formId)).toMatchObject({ draft: { version: 2, revision: 1 } });
  expect(await auditOf(formId)).toContainEqual(['quality.form_discarded', 2]);
});
