import { expect, it } from 'vitest';
import { secretIn, setsForTheSession } from './secure-checks.mjs';

it.each([
  "await sql`set app.tenant_id = '1'`",
  'await sql`SET SESSION work_mem = 1`',
  "select set_config('app.tenant_id', id, false)",
  'tx.unsafe(`set role callboard_owner`)',
  "sql`set role = 'callboard_owner'`",
])('[S41] the check fails on what outlives its transaction: %s', (line) => {
  expect(setsForTheSession(line)).toBe(true);
});

it.each([
  "await tx`set local lock_timeout = '2s'`",
  "select set_config('app.tenant_id', id, true)",
  'await tx`update settings set name = 1`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of source, as the check reads it.
  'update memberships set role = ${role}',
])('[S41] and not on what ends with it: %s', (line) => {
  expect(setsForTheSession(line)).toBe(false);
});

const random = 'fRy0Z3fUz8m7hUoGkXb1Yw5mQ2c9d4e6A7B8C9D0E1F';
it.each([
  `{"msg":"x","set-cookie":"a=b"}`,
  `sent __Host-callboard_refresh=${random}`,
  `callboard_refresh_wall=${random}`,
  `cb_${random}`,
  `{"token":"cs_${random}"}`,
  `GET /#/invitation/${random}`,
  `https://calls.example/reset?token=${random}`,
  `{"refreshToken":"${random}"}`,
  `{"url":"http://localhost:3000/#/setup/${random}"}`,
  `{"url":"http://localhost:3000/#/password/${random}"}`,
  'Bearer abcdefghijklmno',
])('[S22] the check of the log finds the secret in: %s', (line) => {
  expect(secretIn(line)).not.toBeNull();
});

it('[S22] and takes no request id, key prefix or redacted header for one, nor the link said at the first start', () => {
  for (const line of [
    '{"requestId":"aB3_x-9kLmN0"}',
    '{"prefix":"cb_fRy0Z3f"}',
    '{"authorization":"[Redacted]"}',
    `  http://127.0.0.1:3000/#/setup/${random}`,
  ])
    expect(secretIn(line)).toBeNull();
});
