import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormDetail, FormSummary } from '../../../shared/contract/qualityForms.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { formNamed, okOf, publishForm, QUALITY } from './testing.ts';

let app: TestApp;
let manager: Record<string, string>;
let supervisor: Record<string, string>;
beforeAll(async () => {
  app = await createTestApp();
  await app.addAccount('manager@example.test', 'manager');
  await app.addAccount('supervisor@example.test', 'supervisor');
  manager = (await app.signIn('manager@example.test')).bearer;
  supervisor = (await app.signIn('supervisor@example.test')).bearer;
});
afterAll(() => app.close());

const put = (formId: string, payload: object) =>
  app.ask('PUT', `${QUALITY}/forms/${formId}`, manager, payload);
const post = (path: string, payload: object = {}) =>
  app.ask('POST', `${QUALITY}/forms${path}`, manager, payload);
const read = async (formId: string) =>
  okOf<FormDetail>(await app.ask('GET', `${QUALITY}/forms/${formId}`, supervisor));

describe('a form', () => {
  it('is made, changed, published, and changed again as the next version; the published one stays as it was', async () => {
    const made = okOf<FormDetail>(await post('', formNamed('First')));
    expect(made).toMatchObject({ state: 'draft', published: null, draft: { version: 1, revision: 1 } });
    const { formId } = made;
    okOf(await put(formId, { revision: 1, content: { ...formNamed('First'), passMark: 70 } }));
    okOf(await post(`/${formId}/publish`, { revision: 2 }));
    okOf(await put(formId, { revision: null, content: { ...formNamed('First, better'), passMark: 90 } }));
    const { versions, ...form } = await read(formId);
    expect(form).toMatchObject({
      name: 'First',
      state: 'published',
      published: { version: 1 },
      draft: { version: 2 },
    });
    expect(versions.map(({ version, state, passMark }) => [version, state, passMark])).toEqual([
      [2, 'draft', 90],
      [1, 'published', 70],
    ]);
    okOf(await post(`/${formId}/publish`, { revision: 1 }));
    expect((await read(formId)).versions.map(({ state, name }) => [state, name])).toEqual([
      ['published', 'First, better'],
      ['retired', 'First'],
    ]);
    okOf(await post(`/${formId}/retire`));
    expect(await read(formId)).toMatchObject({ state: 'retired', published: null, draft: null });
    const audited = await app.test.ownerSql`
      select action, subject_name, after from analytics_audit_log where subject_id = ${formId} order by occurred_at`;
    expect(audited.map(({ action, after }) => [action, after.formVersion])).toEqual([
      ['quality.form_made', 1],
      ['quality.form_changed', 1],
      ['quality.form_published', 1],
      ['quality.form_changed', 2],
      ['quality.form_published', 2],
      ['quality.form_retired', 2],
    ]);
  });

  it('changed by two at once keeps what the first one said, and the second is told what there is', async () => {
    const { formId } = await publishForm(app, manager, formNamed('Contested'));
    const answers = await Promise.all(
      [50, 60].map((passMark) =>
        put(formId, { revision: null, content: { ...formNamed('Contested'), passMark } }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const won = answers.find(({ statusCode }) => statusCode === 200)?.json().data.versions[0].passMark;
    const lost = answers.find(({ statusCode }) => statusCode === 409)?.json().error;
    expect(lost.current.draft).toEqual({ version: 2, revision: 1 });
    expect((await read(formId)).versions[0]?.passMark).toBe(won);
    expect((await post(`/${formId}/publish`, { revision: 7 })).statusCode).toBe(409);
    okOf(await app.ask('DELETE', `${QUALITY}/forms/${formId}/draft`, manager));
    expect(await read(formId)).toMatchObject({ draft: null, published: { version: 1 } });
    expect((await app.ask('DELETE', `${QUALITY}/forms/${formId}/draft`, manager)).statusCode).toBe(409);
  });

  it('thrown away before it was published is gone', async () => {
    const { formId } = okOf<FormDetail>(await post('', formNamed('Never')));
    expect(okOf(await app.ask('DELETE', `${QUALITY}/forms/${formId}/draft`, manager))).toBeNull();
    expect((await app.ask('GET', `${QUALITY}/forms/${formId}`, manager)).statusCode).toBe(404);
    const all = okOf<FormSummary[]>(await app.ask('GET', `${QUALITY}/forms`, manager));
    expect(all.map(({ formId: id }) => id)).not.toContain(formId);
  });

  it('in use has a name of its own', async () => {
    await publishForm(app, manager, formNamed('Twin'));
    const { formId } = okOf<FormDetail>(await post('', formNamed('Twin')));
    const answer = await post(`/${formId}/publish`, { revision: 1 });
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      409,
      'Another form in use has this name.',
    ]);
  });

  it('that is published cannot be changed even in the database', async () => {
    const { formId } = await publishForm(app, manager, formNamed('Fixed'));
    await expect(
      app.test.ownerSql.begin(async (tx) => {
        await tx`select set_config('app.tenant_id', ${app.test.tenantId}, true)`;
        await tx`update quality_forms set pass_mark = 1 where form_id = ${formId}`;
      }),
    ).rejects.toThrow('does not change');
  });

  it('is for managers to keep, and for supervisors to read', async () => {
    const answer = await app.ask('POST', `${QUALITY}/forms`, supervisor, formNamed('Mine'));
    expect(answer.statusCode).toBe(403);
  });

  const [talk, law] = formNamed('x').sections;
  const [tone] = talk?.criteria ?? [];
  it.each([
    [{ ...formNamed('x'), name: '' }, 'name'],
    [{ ...formNamed('x'), passMark: 101 }, 'passMark'],
    [{ ...formNamed('x'), sections: [] }, 'sections'],
    [{ ...formNamed('x'), sections: [{ ...talk, criteria: [] }] }, 'sections.0.criteria'],
    [{ ...formNamed('x'), sections: [talk, talk] }, 'sections.1.criteria.0.id'],
    [
      { ...formNamed('x'), sections: [{ ...talk, criteria: [{ ...tone, weight: 0 }] }] },
      'sections.0.criteria.0.weight',
    ],
    [
      { ...formNamed('x'), sections: [{ ...talk, criteria: [{ ...tone, possible: 0.5 }] }] },
      'sections.0.criteria.0.possible',
    ],
    [
      { ...formNamed('x'), sections: [law, { ...talk, criteria: [{ ...tone, critical: true }] }] },
      'sections.1.criteria.0.scale',
    ],
    [{ ...formNamed('x'), extra: 1 }, 'extra'],
  ])('is refused, naming the field: %#', async (content, path) => {
    const answer = await post('', content);
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json().error.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });
});
