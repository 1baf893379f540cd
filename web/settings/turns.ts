type Change<T> = (now: T) => T;

/**
 * Changes of a value that is only saved as a whole, like a list. They are sent one after the other, each upon what those before
 * it came to: what was refused is in none of the later. Until they are saved, `shown` is how it would be with all of them. Pure.
 */
export class Turns<T> {
  /** What the server has, as far as is known. */
  #base: T;
  /** What the server said there is while changes were on their way. */
  #told: { saved: T } | null = null;
  #pending: Change<T>[] = [];
  #shown: T;
  #sending: Promise<void> = Promise.resolve();
  #listeners = new Set<() => void>();

  constructor(saved: T) {
    this.#base = saved;
    this.#shown = saved;
  }

  readonly shown = (): T => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What the server says there is. The same again changes nothing: whoever knows parts of it by identity finds them. */
  told(saved: T): void {
    this.#told = { saved };
    if (this.#pending.length > 0) return;
    this.#settle();
    this.#show();
  }

  /** Rejects where it could not be saved. */
  change(change: Change<T>, save: (next: T) => Promise<void>): Promise<void> {
    this.#pending.push(change);
    this.#show();
    const sent = this.#sending.then(async () => {
      try {
        const next = change(this.#base);
        await save(next);
        this.#base = next;
        this.#told = null;
      } finally {
        this.#pending.shift();
        if (this.#pending.length === 0) this.#settle();
        this.#show();
      }
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  #settle(): void {
    if (this.#told !== null && JSON.stringify(this.#told.saved) !== JSON.stringify(this.#base))
      this.#base = this.#told.saved;
    this.#told = null;
  }

  #show(): void {
    this.#shown = this.#pending.reduce((now, change) => change(now), this.#base);
    for (const listener of this.#listeners) listener();
  }
}
