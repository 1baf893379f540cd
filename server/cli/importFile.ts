import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable, Transform } from 'node:stream';
import type { IngestAnswer } from '../../shared/contract/rest.ts';
import { type Actor, SYSTEM } from '../access/audit/audit.ts';
import { importLog } from '../ingest/asterisk/importLog.ts';
import { isMissing } from '../ingest/follow/logFile.ts';
import { sendLog } from '../ingest/follow/sendLog.ts';
import type { Arguments } from './arguments.ts';
import { createProgress } from './progress.ts';
import type { Target } from './target.ts';

/** Whoever may write to the database directly. */
const OPERATOR: Actor = { ...SYSTEM, name: 'callboard import' };

/** Takes in one file, or standard input, and says what became of it. */
export async function importFile(given: Arguments, target: Target): Promise<IngestAnswer> {
  const isStdin = given.file === '-';
  const total = isStdin ? null : await sizeOf(given.file);
  const input = isStdin ? process.stdin : createReadStream(given.file, { highWaterMark: 262_144 });
  const progress = createProgress(process.stderr, total);
  const { source, timeZone } = given;
  const name = isStdin ? 'standard input' : basename(given.file);
  try {
    if (target.kind === 'server') {
      let sent = 0;
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sent += chunk.length;
          progress.show(sent, 'sending');
          done(null, chunk);
        },
      });
      // Node's web streams and those of the Fetch types are the same thing under two names.
      const body = Readable.toWeb(input.pipe(counted)) as unknown as BodyInit;
      return await sendLog(target.server, body, { source, timeZone, name, isFollowed: false });
    }
    const { db, tenantId } = target;
    return await importLog(
      db,
      {
        tenantId,
        by: OPERATOR,
        source,
        timeZone,
        name,
        policy: await target.policyOf(tenantId),
        format: 'lines',
        isFollowed: false,
        now: Date.now,
        onProgress: (bytes, answer) => progress.show(bytes, summary(answer)),
        onWarning(warning) {
          progress.end();
          process.stderr.write(`${warning}\n`);
        },
      },
      input,
    );
  } finally {
    progress.end();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw isMissing(error) ? new Error(`There is no file ${path}.`) : error;
  }
}

export function summary(answer: Omit<IngestAnswer, 'rejections'>): string {
  const { accepted, duplicates, rejected, warnings } = answer;
  return `${accepted} accepted, ${duplicates} duplicates, ${rejected} rejected, ${warnings} warnings`;
}
