import assert from 'node:assert';
import type { LightMyRequestResponse } from 'fastify';
import type { z } from 'zod';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { thresholdsFingerprint } from '../../shared/metrics/thresholds.ts';
import { inTenant } from '../db/connect.ts';
import { type Facts, randomFacts, recomputeAll, writeFacts } from '../history/rollUps/testing.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { createTestApp, type TestApp } from '../testing.ts';

/** A call centre with a past, for tests of history: two sectors, three queues, four agents, in Berlin. */
export interface History extends TestApp {
  settings: LiveSettings;
  /** Writes facts and has their roll-ups made, as the projector does, and stamped with the thresholds in force. */
  remember(facts: Partial<Facts>, now?: number): Promise<void>;
  /** Marks roll-ups as stamped with the thresholds in force. */
  stamp(): Promise<void>;
  /** GET of an address below /analytics/performance, or of one an answer gave, as an admin or as whoever the headers name. */
  get(address: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

/** What the history holds: five weeks, a whole month and the end of summer time (25 October) among them. */
export const FROM = Date.parse('2026-09-28T00:00:00+02:00');
export const TO = Date.parse('2026-11-04T00:00:00+01:00');
export const RANGE = 'startDate=2026-09-28&endDate=2026-11-03';
const DAY_MS = 86_400_000;
const API = '/api/v1';

export async function createHistory(calls = 900): Promise<History> {
  const app = await createTestApp();
  const { tenantId, db } = app.test;
  await inTenant(db, tenantId, async (tx) => {
    await tx`update settings set time_zone = 'Europe/Berlin' where tenant_id = ${tenantId}`;
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North'), (${tenantId}, 'south', 'South')`;
    await tx`
      insert into queues (tenant_id, id, name, sector_id, threshold_seconds) values
        (${tenantId}, 'q0', 'Sales', 'north', null), (${tenantId}, 'q1', 'Service', 'north', 15),
        (${tenantId}, 'q2', 'Billing', 'south', null)`;
    await tx`
      insert into agents (tenant_id, id, name, sector_id) values
        (${tenantId}, 'a0', 'Ann', 'north'), (${tenantId}, 'a1', 'Bob', 'north'), (${tenantId}, 'a2', 'Cid', 'south')`;
    await tx`
      insert into agent_names (tenant_id, name, rank) values (${tenantId}, 'a0', 0), (${tenantId}, 'a1', 0),
        (${tenantId}, 'a2', 0), (${tenantId}, 'a3', 2), (${tenantId}, 'SIP/9', 9)`;
  });
  await app.addAccount('admin@example.test', 'admin');
  const { bearer } = await app.signIn('admin@example.test');
  const { settings } = await loadSettings(db, tenantId);
  const stamp = async () => {
    const loaded = await loadSettings(db, tenantId);
    const stamped = thresholdsFingerprint(loaded.settings);
    await inTenant(
      db,
      tenantId,
      (tx) => tx`
        insert into projection_checkpoints as c (tenant_id, stamped, version) values (${tenantId}, ${stamped}, 1)
        on conflict (tenant_id) do update set stamped = excluded.stamped, version = c.version + 1`,
    );
  };
  const remember: History['remember'] = async (facts, now = Date.now()) => {
    await inTenant(db, tenantId, (tx) => writeFacts(tx, tenantId, facts, settings));
    await recomputeAll(db, tenantId, { settings, now });
    await stamp();
  };
  const facts = randomFacts({ seed: 7, calls, start: FROM, end: TO });
  // Timelines of every day would be most of the work: a few days, the longest one among them, tell as much.
  const pieces = facts.pieces.filter(({ startedAt }) => Math.floor((startedAt - FROM) / DAY_MS) % 9 === 0);
  await remember({ ...facts, pieces });
  return {
    ...app,
    settings,
    remember,
    stamp,
    get(address, headers = bearer) {
      const isWhole = address.startsWith(API);
      return app.ask(
        'GET',
        isWhole ? address.slice(API.length) : `/analytics/performance${address}`,
        headers,
      );
    },
  };
}

/** What an address answers, held to its schema strictly: what that does not name would be missing from the description of the API. */
export async function dataOf<T extends z.ZodType>(
  history: History,
  address: string,
  schema: T,
): Promise<z.output<T>> {
  const answer = await history.get(address);
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  const parsed = schema.parse(answer.json());
  assert.deepStrictEqual(parsed, answer.json());
  return parsed;
}
