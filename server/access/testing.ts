import { expect } from 'vitest';
import { PASSWORD, type TestApp } from '../testing.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** As somebody who is nobody yet. */
export function knock(server: TestApp, path: string, payload: object, headers: Record<string, string> = {}) {
  return server.app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers });
}

/** As whoever the token is for. */
export function ask(server: TestApp, method: Method, path: string, token: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}` };
  return server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
}

export async function tokenOf(server: TestApp, email: string, password = PASSWORD): Promise<string> {
  const answer = await knock(server, '/sessions', { email, password });
  expect(answer.statusCode).toBe(200);
  return answer.json().data.accessToken;
}

/** An answer without what differs by request. */
export function said(answer: { statusCode: number; json(): { error: object } }) {
  return JSON.stringify({ status: answer.statusCode, ...answer.json().error, requestId: '' });
}

/** Adds an account to the second tenant of the test. */
export async function joinB({ test }: TestApp, accountId: string, role: string): Promise<void> {
  await test.ownerSql`
    insert into memberships (tenant_id, account_id, role) values (${test.tenantB}, ${accountId}, ${role})`;
}
