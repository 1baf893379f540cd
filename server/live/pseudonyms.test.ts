import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPseudonyms } from './pseudonyms.ts';

const secret = Buffer.alloc(32, 7);

it('[S81] a pseudonym stands for one agent of one tenant, and stays the same', () => {
  const of = createPseudonyms(secret);
  const made = ['a', 'b'].flatMap((tenantId) =>
    Array.from({ length: 2_000 }, (_, agent) => of(tenantId)(`Agent/${agent}`)),
  );
  expect(new Set(made).size).toBe(4_000);
  expect(createPseudonyms(secret)('a')('Agent/1')).toBe(of('a')('Agent/1'));
});

it('[S81] nobody without the secret finds an agent by hashing the ids he knows', () => {
  const shown = createPseudonyms()('tenant')('Agent/1');
  for (const text of ['Agent/1', 'tenantAgent/1', 'tenant\0Agent/1']) {
    expect(createHash('sha256').update(text).digest('base64url')).not.toContain(shown);
  }
  expect(createPseudonyms()('tenant')('Agent/1')).not.toBe(shown);
});
