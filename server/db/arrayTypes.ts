import type { PostgresType } from 'postgres';

/**
 * The arrays we read and write, told to the driver. By default it asks the server on every new connection, and when
 * that connection is lost meanwhile, the rejection has nobody to go to and ends the process.
 */
const OIDS = { int4: 1007, float8: 1022, text: 1009, int8: 1016, uuid: 2951 };

const asText = [OIDS.text, OIDS.int8, OIDS.uuid];

export const arrayTypes: Record<string, PostgresType> = {
  integers: { to: OIDS.int4, from: [OIDS.int4], serialize, parse: numbers },
  floats: { to: OIDS.float8, from: [OIDS.float8], serialize, parse: numbers },
  ...Object.fromEntries(
    asText.map(
      (oid) => [`texts${oid}`, { to: oid, from: [oid], serialize, parse }] satisfies [string, PostgresType],
    ),
  ),
};

function serialize(items: unknown): unknown {
  if (!Array.isArray(items)) return items;
  const quoted = items.map((item) =>
    item === null || item === undefined ? 'null' : `"${String(item).replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${quoted.join(',')}}`;
}

/** One dimension: `{a,"b, c",NULL}`. */
function parse(raw: string): (string | null)[] {
  const items = raw.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,]+/gs) ?? [];
  return items.map((item) => {
    if (item.startsWith('"')) return item.slice(1, -1).replace(/\\(.)/gs, '$1');
    return item === 'NULL' ? null : item;
  });
}

/** `{1,-2.5,NULL}`. Whole numbers digit by digit: of thousands of rows of forty, to make a string of each takes longer. */
function numbers(raw: string): (number | null)[] {
  const items: (number | null)[] = [];
  const end = raw.length - 1;
  for (let at = 1; at < end; at++) {
    const from = at;
    let value = 0;
    let code = raw.charCodeAt(at);
    for (; code >= ZERO && code < ZERO + 10; code = raw.charCodeAt(++at)) value = 10 * value + code - ZERO;
    if (at > from && at - from <= EXACT_DIGITS && (code === COMMA || at === end)) {
      items.push(value);
      continue;
    }
    const comma = raw.indexOf(',', at);
    at = comma < 0 ? end : comma;
    const item = raw.slice(from, at);
    items.push(item === 'NULL' ? null : Number(item));
  }
  return items;
}

const ZERO = '0'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
/** So many digits of any number are exact. */
const EXACT_DIGITS = 15;
