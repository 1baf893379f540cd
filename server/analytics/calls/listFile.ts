import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { sendCsv } from '../../http/csv.ts';
import { refusal } from '../asked.ts';
import { cellsOf } from '../csvRows.ts';

/** A list of calls or legs as a file: all there is, with the fields of the JSON as columns. */

const PAGE = 1_000;

/** Throws AppError `bad_request` where a page is asked for. */
export function expectWhole(query: { cursor?: string | undefined; limit?: number | undefined }): void {
  for (const path of ['cursor', 'limit'] as const)
    if (query[path] !== undefined) throw refusal(path, 'must be left out: the file holds all there is');
}

/** `read` answers at most so many rows from behind one, in a transaction of its own: an export may take as long as its reader does. */
export function sendList<Row>(
  reply: FastifyReply,
  { name, shape }: { name: string; shape: z.ZodObject },
  read: (after: Row | null, limit: number) => Promise<Row[]>,
  shown: (row: Row) => object,
): Promise<FastifyReply> {
  const fields = Object.keys(shape.shape);
  const columns = fields.map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  async function* pages(): AsyncGenerator<(string | null)[][]> {
    for (let after: Row | null = null; ; ) {
      const rows: Row[] = await read(after, PAGE);
      if (rows.length > 0) yield rows.map((row) => cellsOf(shown(row), fields));
      const last = rows.at(-1);
      if (rows.length < PAGE || last === undefined) return;
      after = last;
    }
  }
  return sendCsv(reply, { name, columns }, pages());
}
