import { expect, it } from 'vitest';
import { createAddressCaps } from './addressCaps.ts';
import { networkOf } from './clientAddress.ts';

it('[S28] an address holds so many connections at a time, and another is not concerned', () => {
  const caps = createAddressCaps({ perAddress: 3, now: () => 0 });
  expect([1, 2, 3, 4, 5].map(() => caps.enter('a'))).toEqual([true, true, true, false, false]);
  expect(caps.enter('b')).toBe(true);
});

it('[S28] an address that makes and drops connections is held to a rate', () => {
  let now = 0;
  const caps = createAddressCaps({ perAddress: 10, now: () => now });
  const entered = (times: number): number => {
    let count = 0;
    for (let i = 0; i < times; i++) {
      if (!caps.enter('a')) continue;
      count++;
      caps.leave('a');
    }
    return count;
  };
  expect(entered(1_000)).toBe(10);
  now = 2_000; // A tenth of the time in which all may come anew.
  expect(entered(1_000)).toBe(1);
  now = 60_000;
  expect(entered(1_000)).toBe(10);
});

it('[S28] whoever comes too often gets in again when he leaves off, not never', () => {
  let now = 0;
  const caps = createAddressCaps({ perAddress: 10, now: () => now });
  for (let i = 0; i < 100_000; i++) if (caps.enter('a')) caps.leave('a');
  now = 20_000;
  expect(caps.enter('a')).toBe(true);
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('[S28] %s belongs to %s: who has one address of an IPv6 network has them all', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
