import type { TestProject } from 'vitest/node';
import { startTestServer, type TestServer } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/** Vitest's global setup: one PostgreSQL a run, found by `createTestDatabase`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { close, ...server } = await startTestServer();
  project.provide('testServer', server);
  return close;
}
