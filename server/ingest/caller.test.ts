import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallerPolicy, maskNumbers, reduceCaller } from './caller.ts';

const hashed: CallerPolicy = { privacy: 'hashed', key: new Uint8Array(32).fill(7) };
const clear: CallerPolicy = { ...hashed, privacy: 'clear' };

describe('reduceCaller', () => {
  it('keeps the last four digits and a token in place of the number', () => {
    expect(reduceCaller('+49 (30) 1234-5678', hashed)).toMatch(/^[0-9a-f]{16}…5678$/);
  });

  it('never lets more of a number through than its last four digits', () => {
    const number = fc.integer({ min: 1_000_000, max: 999_999_999_999 }).map(String);
    fc.assert(
      fc.property(number, (digits) => {
        expect(reduceCaller(digits, hashed).slice(16)).toBe(`…${digits.slice(-4)}`);
        expect(maskNumbers(`DID|${digits}|x`, hashed)).toBe(`DID|…${digits.slice(-4)}|x`);
      }),
    );
  });

  it('gives one number one token however it is written, and another tenant another token', () => {
    expect(reduceCaller('+49 30-12 34', hashed)).toBe(reduceCaller('+49301234', hashed));
    const other = { ...hashed, key: new Uint8Array(32).fill(8) };
    expect(reduceCaller('+49301234', other)).not.toBe(reduceCaller('+49301234', hashed));
  });

  it('keeps a number as it is for a tenant that chose so', () => {
    expect(reduceCaller('+49 30 1234', clear)).toBe('+49 30 1234');
    expect(maskNumbers('DID|15550001234', clear)).toBe('DID|15550001234');
  });

  it.each(['anonymous', 'Unknown', 'PRIVATE'])('says the same for every withheld number (%s)', (word) => {
    expect(reduceCaller(word, hashed)).toBe('anonymous');
    expect(reduceCaller(word, clear)).toBe('anonymous');
  });
});
