/**
 * Answers that are kept as long as they hold. A slot is one question of one tenant by one sight; its version says all that
 * the answer depends on and is read anew for every request, so that what is given out is never older than what a query would
 * give. Whoever asks for what is being made waits for it: a hundred at once cost one. Bounded in answers and in bytes [L13]; what was not
 * asked for longest goes first. What fails is not kept.
 */
export interface AnswerCache {
  answer(slot: string, version: string, make: () => Promise<Buffer>): Promise<Buffer>;
  /** What is kept now; `bytes`: of bodies, and of names as UTF-16. */
  size(): { answers: number; bytes: number };
}

/** A few hundred front pages and what is drilled into from there. */
const ANSWERS_LIMIT = 2_000;
const BYTES_LIMIT = 32 * 1024 * 1024;
/** A year of hours: read once, and would push out a hundred others. */
const ANSWER_BYTES_LIMIT = 1024 * 1024;

export function createAnswerCache({
  answers: answersLimit = ANSWERS_LIMIT,
  bytes: bytesLimit = BYTES_LIMIT,
  answerBytes: answerBytesLimit = ANSWER_BYTES_LIMIT,
} = {}): AnswerCache {
  const kept = new Map<string, { version: string; body: Buffer; bytes: number }>();
  const making = new Map<string, Promise<Buffer>>();
  let bytes = 0;

  const drop = (slot: string): void => {
    bytes -= kept.get(slot)?.bytes ?? 0;
    kept.delete(slot);
  };
  const keep = (slot: string, version: string, body: Buffer): void => {
    drop(slot);
    const size = 2 * (slot.length + version.length) + body.length;
    if (size > answerBytesLimit) return;
    kept.set(slot, { version, body, bytes: size });
    bytes += size;
    for (const [oldest] of kept) {
      if (kept.size <= answersLimit && bytes <= bytesLimit) break;
      drop(oldest);
    }
  };

  return {
    async answer(slot, version, make) {
      const found = kept.get(slot);
      if (found?.version === version) {
        kept.delete(slot);
        kept.set(slot, found);
        return found.body;
      }
      const key = JSON.stringify([slot, version]);
      const begun = making.get(key);
      if (begun !== undefined) return begun;
      const made = make();
      making.set(key, made);
      try {
        const body = await made;
        keep(slot, version, body);
        return body;
      } finally {
        making.delete(key);
      }
    },
    size: () => ({ answers: kept.size, bytes }),
  };
}
