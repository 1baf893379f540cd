import { AppError } from '../http/errors.ts';

/**
 * Hands a body on, and gives up on one that says nothing for too long [S64]. Only waiting for the sender counts:
 * while we are writing, he waits for us.
 */
export async function* withIdleLimit(
  body: AsyncIterable<Uint8Array>,
  idleMs: number,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    while (true) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const idle = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new AppError('timeout')), idleMs);
      });
      const next = await Promise.race([chunks.next(), idle]).finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream whose next chunk never comes does not answer.
    void chunks.return?.();
  }
}
