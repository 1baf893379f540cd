import assert from 'node:assert';
import type { LightMyRequestResponse } from 'fastify';
import type { z } from 'zod';
import { randomFrom } from '../../../../shared/random.ts';
import type { Bearer } from '../../../testing.ts';
import { createHistory, type History } from '../../testing.ts';
import { answersOf, formNamed, okOf, publishForm, QUALITY, scoreCall } from '../testing.ts';

/** Forty calls of a past reviewed by a manager, some of the northern agents' by a supervisor held to the north, too; and a draft. */
export interface Reviewed {
  history: History;
  formId: string;
  manager: Bearer;
  north: Bearer;
  get(path: string, who?: Bearer, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Held to its schema strictly: what that does not name would be missing from the description of the API. */
  read<T extends z.ZodType>(path: string, schema: T, who?: Bearer): Promise<z.output<T>>;
}

export async function createReviewed(): Promise<Reviewed> {
  const history = await createHistory();
  await history.addAccount('manager@example.test', 'manager');
  await history.addAccount('north@example.test', 'supervisor', ['north']);
  const manager = (await history.signIn('manager@example.test')).bearer;
  const north = (await history.signIn('north@example.test')).bearer;
  const { formId } = await publishForm(history, manager, formNamed('Call review'));
  const random = randomFrom(5);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const answers = () =>
    answersOf({ tone: upTo(4) === 0 ? null : upTo(10), help: 5 + upTo(5), law: upTo(9) === 0 ? 0 : 10 });
  // Answered once, so that a call of an agent is one visit.
  const calls = await history.test.ownerSql<{ identity: string; call_id: string }[]>`
    select identity, call_id from agent_metrics where kind = 'answered'
    group by 1, 2 having count(*) = 1 order by md5(call_id || identity) limit 40`;
  for (const [place, { identity: agentId, call_id: callId }] of calls.entries()) {
    await scoreCall(history, manager, { callId, agentId, formId, answers: answers() });
    const isNorths = agentId === 'a0' || agentId === 'a1';
    if (isNorths && place % 2 === 0)
      await scoreCall(history, north, { callId, agentId, formId, answers: answers() });
  }
  // A draft, which counts nowhere.
  const [spare] = await history.test.ownerSql<{ call_id: string }[]>`
    select call_id from agent_metrics m where kind = 'answered' and identity = 'a0'
      and not exists (select from call_quality_scores s where s.call_id = m.call_id) order by 1 limit 1`;
  const draft = { callId: spare?.call_id, agentId: 'a0', formId, answers: answersOf({ law: 0 }) };
  okOf(await history.ask('POST', `${QUALITY}/scores`, manager, draft));
  const get: Reviewed['get'] = (path, who = manager, headers = {}) =>
    history.ask('GET', `${QUALITY}${path}`, { ...who, ...headers });
  return {
    history,
    formId,
    manager,
    north,
    get,
    async read(path, schema, who = manager) {
      const answer = await get(path, who);
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
      const parsed = schema.parse(answer.json());
      assert.deepStrictEqual(parsed, answer.json());
      return parsed;
    },
  };
}
