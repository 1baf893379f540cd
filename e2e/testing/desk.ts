import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import { summaryAnswer } from '../../shared/contract/analytics.ts';
import { type Api, postEvents, signIn } from './api.ts';
import { type Cabled, startCabled } from './cabled.ts';
import { madeUpYear } from './madeUpYear.ts';
import { enter } from './page.ts';
import { ADMIN } from './server.ts';

/** A server of which thirteen months of calls are in history, and its database to count them by. */
export interface Desk {
  cabled: Cabled;
  sql: Sql;
  api: Api;
  year: ReturnType<typeof madeUpYear>;
  /** Signed in, at an address below `#/`. */
  open(page: Page, address: string): Promise<void>;
  summary(query: string): Promise<ReturnType<typeof summaryAnswer.parse>['data']>;
  dispose(): Promise<void>;
}

export async function startDesk(): Promise<Desk> {
  const year = madeUpYear(Date.now());
  const cabled = await startCabled();
  const sql = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
  const api = await signIn(cabled.server.url);
  const summary = (query: string) =>
    api.get(`/api/v1/analytics/performance/summary?${query}`, summaryAnswer.shape.data);
  await postEvents(cabled.server.url, await api.createKey(), year.events);
  const first = new Date(year.badFrom - 390 * 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  await expect
    .poll(async () => (await summary(`startDate=${first}&endDate=${today}`)).offered)
    .toBe(year.calls);
  return {
    cabled,
    sql,
    api,
    year,
    async open(page, address) {
      await page.goto(`${cabled.server.url}/#/${address}`);
      await enter(page, ADMIN.password);
    },
    summary,
    async dispose() {
      await sql.end();
      await cabled.dispose();
    },
  };
}
