import type { TransactionSql } from 'postgres';

/**
 * Many rows as one row of the driver's, a column of them in each of its own: it makes several objects of every row, answers have
 * thousands, and all of them wait for the last to come.
 */

/** When buckets begin, in epoch ms. */
export function instantsListed(tx: TransactionSql) {
  return tx`array_agg(date_part('epoch', bucket) * 1000)`;
}

/** What `columns` say, of which none is null and all are whole numbers from 0 on: those of a row, then those of the next. */
export function countsListed(tx: TransactionSql, columns: readonly string[]) {
  return tx`string_agg(concat_ws(',', ${tx.unsafe(columns.join(', '))}), ',')`;
}

const [COMMA, ZERO, NINE] = [44, 48, 57]; // , 0 9

/** As many counts as {@link countsListed} has listed. Throws where they are others. */
export function countsOf(text: string, count: number): Float64Array {
  const counts = new Float64Array(count);
  let place = 0;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA) {
      counts[place++] = value;
      value = 0;
    } else if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else throw new RangeError(`countsOf: no whole number at ${at} of ${text.slice(at - 20, at + 20)}`);
  }
  counts[place++] = value;
  if (place !== count) throw new RangeError(`countsOf: ${place} counts in place of ${count}`);
  return counts;
}
