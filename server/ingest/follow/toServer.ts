import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Destination, type FollowedLine, type FollowProgress, PermanentFailure } from './follow.ts';
import { isMissing } from './logFile.ts';
import { type Server, sendLog } from './sendLog.ts';
import type { Place } from './tail.ts';

const progressFile = z.object({
  resumeAt: z.object({
    inode: z.string(),
    fingerprint: z.string(),
    offset: z.number().int().min(0),
    line: z.number().int().min(1),
  }),
  writtenTo: z.number().int().min(0),
});

/**
 * Lines go to a server as text. It reads each request as a log of its own, so every request begins where a new reader
 * has to begin (`resumeAt`): the lines of the last two seconds are sent again, and get the same keys. The place is
 * kept in a file, after the server has confirmed; a crash in between sends some lines again, which changes nothing [L2].
 */
export function toServer(
  server: Server,
  options: { source: string; timeZone: string; stateFile: string },
): Destination {
  /** Sent before, but needed again by the next request's reader. */
  let window: FollowedLine[] = [];

  return {
    async progress() {
      try {
        return progressFile.parse(JSON.parse(await readFile(options.stateFile, 'utf8')));
      } catch (error) {
        if (isMissing(error)) return null;
        throw new PermanentFailure(
          `${options.stateFile} does not hold a place in a log; delete it to start over`,
        );
      }
    },

    async write(lines, progress) {
      const text = [...window, ...lines].map(({ line }) => `${line.text}\n`).join('');
      const { rejections: _rejections, ...counts } = await sendLog(server, Buffer.from(text), {
        ...options,
        isFollowed: true,
      });
      window = needed([...window, ...lines], progress.resumeAt);
      await save(options.stateFile, progress);
      return counts;
    },
  };
}

/** What the next request begins with: from `resumeAt` on, without lines already kept as rejected, which would be kept twice. */
function needed(sent: FollowedLine[], resumeAt: Place): FollowedLine[] {
  const from = sent.findIndex(({ place: at }) => at.inode === resumeAt.inode && at.offset >= resumeAt.offset);
  return from === -1 ? [] : sent.slice(from).filter(({ result }) => result.fault === null);
}

async function save(file: string, value: FollowProgress): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place: a crash leaves the old place or the new one, never half of one.
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
