/** Two transactions met (serialization failure, deadlock): PostgreSQL undid one of them whole, and it may try again. */
const CONFLICTS = new Set(['40001', '40P01']);
const ATTEMPTS = 4;
const PAUSE_MS = 50;

/** Runs a transaction again when it lost against another; anything else is the caller's to hear. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (attempt === ATTEMPTS || !CONFLICTS.has(code)) throw error;
      // Jittered, so that the two do not meet again.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS * attempt));
    }
  }
}
