import { describe, expect, it } from 'vitest';
import { createAttemptLimit } from '../attemptLimit.ts';
import { createPasswords } from './passwords.ts';

const cheap = { N: 2 ** 10, r: 8, p: 1 };

describe('passwords', () => {
  it('are kept with the parameters of their hash and a salt of their own', async () => {
    const passwords = createPasswords(cheap);
    const [one, two] = [await passwords.hash('same'), await passwords.hash('same')];
    expect(one).toMatch(/^scrypt\$1024\$8\$1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('same', one)).toBe(true);
    expect(await passwords.verify('other', one)).toBe(false);
  });

  it('hash with N=2^17, r=8, p=1 unless told otherwise', async () => {
    expect(await createPasswords().hash('once')).toMatch(/^scrypt\$131072\$8\$1\$/);
  });

  it('match however the keyboard composed them', async () => {
    const passwords = createPasswords(cheap);
    expect(await passwords.verify('Zoe\u0308', await passwords.hash('Zo\u00eb'))).toBe(true);
  });

  it('never match a missing or mangled hash', async () => {
    const passwords = createPasswords(cheap);
    expect(await passwords.verify('x', null)).toBe(false);
    for (const hash of ['', 'scrypt$1024$8$1$$', 'scrypt$1024$8$1$c2FsdA$c2hvcnQ', '$2b$10$x']) {
      expect(await passwords.verify('x', hash)).toBe(false);
    }
  });

  it('[S74] hash a few at a time and turn away what would queue without end', async () => {
    const passwords = createPasswords(cheap);
    const tries = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.verify('x', null)));
    const refused = tries.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one.reason).toMatchObject({ code: 'overloaded' });
    expect(await passwords.verify('x', null)).toBe(false);
  });
});

describe('attempt limit', () => {
  it('[S74] blocks after the last try of a window, and not in the next', () => {
    let now = 0;
    const limit = createAttemptLimit({ max: 3, windowMs: 60_000, now: () => now });
    for (let i = 0; i < 3; i++) {
      expect(limit.blockedFor('a')).toBeNull();
      limit.count('a');
    }
    now = 15_000;
    expect(limit.blockedFor('a')).toBe(45);
    expect(limit.blockedFor('b')).toBeNull();
    now = 60_000;
    expect(limit.blockedFor('a')).toBeNull();
  });

  it('does not hold rightful tries against anybody', () => {
    const limit = createAttemptLimit({ max: 1, windowMs: 60_000 });
    limit.count('a');
    limit.giveBack('a');
    expect(limit.blockedFor('a')).toBeNull();
  });

  it('[S74] remembers a bounded number of keys, the newest', () => {
    const limit = createAttemptLimit({ max: 1, windowMs: 60_000, capacity: 10 });
    for (let i = 0; i < 1_000; i++) limit.count(`key ${i}`);
    expect(limit.blockedFor('key 0')).toBeNull();
    expect(limit.blockedFor('key 999')).not.toBeNull();
  });
});
