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

/** So many digits are an exact number whichever way they are read. */
const EXACT_DIGITS = 15;

/** Whole numbers mostly, thousands an answer: read digit by digit, where text by text takes three times as long. */
export function numbers(raw: string): (number | null)[] {
  const items: (number | null)[] = [];
  let from = 1;
  let value = 0;
  let isPlain = true;
  for (let at = 1; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code === COMMA || code === END) {
      const isShort = isPlain && at - from <= EXACT_DIGITS;
      if (at > from) items.push(isShort ? value : numberOf(raw.slice(from, at)));
      from = at + 1;
      value = 0;
      isPlain = true;
    } else if (code >= ZERO && code <= NINE) value = value * 10 + code - ZERO;
    else isPlain = false;
  }
  return items;
}

const [COMMA, END, ZERO, NINE] = [44, 125, 48, 57]; // , } 0 9

function numberOf(item: string): number | null {
  return item === 'NULL' ? null : Number(item);
}
