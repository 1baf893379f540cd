import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../access/audit/audit.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { createIngest, type Ingest } from '../../ingest/ingest.ts';
import { differing, projectAll, proofOf } from './testing.ts';

const logs = resolve('../shared/data/queue_log');
const isPresent = existsSync(logs);
if (!isPresent) console.warn(`skipped: the real queue logs are not at ${logs}`);

let test: TestDatabase;
let ingest: Ingest;
beforeAll(async () => {
  test = await createTestDatabase();
  ingest = createIngest({ db: test.db, log: pino({ level: 'silent' }), registry: new Registry() });
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});

describe.skipIf(!isPresent)(
  '[R1] live, history, its facts and a recount agree on every day of a real log',
  () => {
    it.each([
      ['pbxware_2018.log', 108],
      ['asterisk16_2010.log', 21],
      ['asterisk_realtime_2023.txt', 8],
    ])('%s', async (file, expected) => {
      const { db } = test;
      const tenantId = await test.newTenant(file);
      const options = {
        tenantId,
        source: 'asterisk',
        timeZone: 'UTC',
        name: file,
        isFollowed: false,
        by: SYSTEM,
      } as const;
      await ingest.importAsterisk({ ...options, format: 'lines' }, createReadStream(resolve(logs, file)));
      await projectAll(db, tenantId, Date.now());
      const days = await inTenant(
        db,
        tenantId,
        (tx) => tx<{ date: string }[]>`
        select distinct (occurred_at at time zone 'UTC')::date::text as date from call_events
        where tenant_id = ${tenantId} and call_id is not null order by 1`,
      );
      let visits = 0;
      for (const { date } of days) {
        const proof = await proofOf(db, tenantId, date, Date.now());
        expect(differing(proof), date).toEqual([]);
        visits += proof.visits;
      }
      expect(visits).toBe(expected);
    });
  },
);
