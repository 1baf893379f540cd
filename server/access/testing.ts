import { bearerOf, type TestApp } from '../testing.ts';

/** As somebody who is nobody yet. */
export function knock(server: TestApp, path: string, payload: object, headers: Record<string, string> = {}) {
  return server.ask('POST', path, headers, payload);
}

/** As whoever the token is for. */
export function ask(
  server: TestApp,
  method: Parameters<TestApp['ask']>[0],
  path: string,
  token: string,
  payload?: object,
) {
  return server.ask(method, path, bearerOf(token), payload);
}

export async function tokenOf(server: TestApp, email: string, password?: string): Promise<string> {
  return (await server.signIn(email, password)).token;
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
