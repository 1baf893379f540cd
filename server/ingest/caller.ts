import { createHmac } from 'node:crypto';

/** How a tenant keeps the numbers of those who call, or are called. */
export interface CallerPolicy {
  privacy: 'hashed' | 'clear';
  /** The tenant's own secret: without it a number space is small enough to try out. */
  key: Uint8Array;
}

const FORMATTING = /[\s().\-/]/g;
/** What telephone systems write when the caller hides his number: one withheld caller is not the next one. */
const WITHHELD = /^(anonymous|withheld|unknown|private|restricted|unavailable|asterisk|s)$/i;
const TOKEN_LENGTH = 16;

/**
 * What goes into the log for a number: a keyed token that is the same whenever the same number calls, and its last
 * four digits, which people recognise. Withheld numbers become one word in any spelling.
 */
export function reduceCaller(number: string, policy: CallerPolicy): string {
  if (WITHHELD.test(number)) return 'anonymous';
  if (policy.privacy === 'clear') return number;
  const plain = number.replace(FORMATTING, '');
  const token = createHmac('sha256', policy.key).update(plain).digest('hex').slice(0, TOKEN_LENGTH);
  const digits = plain.replace(/\D/g, '');
  return `${token}…${digits.slice(-4)}`;
}

/** Hides all but the last four digits of every number long enough to be somebody's: for text that is kept as it came. */
export function maskNumbers(text: string, policy: CallerPolicy): string {
  return policy.privacy === 'clear' ? text : text.replace(/\d{3,}(?=\d{4})/g, '…');
}
