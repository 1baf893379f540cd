import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';

/**
 * Answers with a file of comma-separated values, written as fast as it is read and never held whole. The first batch is
 * waited for, so that what fails at once is answered with an error; what fails later breaks the download off.
 * A cell that a spreadsheet would take for a formula gets an apostrophe before it [S71].
 */
export async function sendCsv(
  reply: FastifyReply,
  file: { name: string; columns: readonly string[] },
  batches: AsyncGenerator<(string | null)[][]>,
): Promise<FastifyReply> {
  const first = await batches.next();
  const text = (rows: (string | null)[][]): string =>
    stringify(rows, { escape_formulas: true, record_delimiter: 'windows' });
  async function* lines(): AsyncGenerator<string> {
    // Without the mark, Excel takes the file for one of the system's old encoding.
    yield `\ufeff${text([[...file.columns]])}`;
    if (!first.done) yield text(first.value);
    for await (const rows of batches) yield text(rows);
  }
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .send(Readable.from(lines()));
}
