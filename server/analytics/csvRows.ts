import { z } from 'zod';

/** Rows of an answer as rows of CSV: a column for each field by its JSON name, what is inside another field after a dot. Pure. */

/** The columns of rows of this shape, in its order; lists of rows are left out, `optional` ones unless they are `asked`. */
export function columnsOf(shape: z.ZodObject, asked: readonly string[] = [], prefix = ''): string[] {
  return Object.entries(shape.shape).flatMap(([name, field]) => {
    const isOptional = field instanceof z.ZodOptional;
    if (isOptional && !asked.includes(name)) return [];
    const inner = unwrapped(field);
    if (inner instanceof z.ZodObject) return columnsOf(inner, [], `${prefix}${name}.`);
    if (inner instanceof z.ZodArray && unwrapped(inner.element) instanceof z.ZodObject) return [];
    return [`${prefix}${name}`];
  });
}

function unwrapped(field: unknown): unknown {
  return field instanceof z.ZodOptional || field instanceof z.ZodNullable ? unwrapped(field.unwrap()) : field;
}

/** A row's cells; a list of names is one cell, names apart by a space. */
export function cellsOf(row: object, columns: readonly string[]): (string | null)[] {
  return columns.map((column) => {
    let value: unknown = row;
    for (const name of column.split('.'))
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
    if (value === null || value === undefined) return null;
    return Array.isArray(value) ? value.join(' ') : String(value);
  });
}
