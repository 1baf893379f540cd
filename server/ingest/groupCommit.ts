import { AppError } from '../http/errors.ts';

/**
 * Group commit: a transaction costs the same for one event as for a thousand, so while one is under way, the
 * requests that arrive wait together and become the next.
 *
 * One lane a tenant. idle: no lane at all. writing: a transaction is under way, later requests wait in the lane.
 * The first request of an idle tenant goes at once, so a lone event pays no delay. A lane ends with its last
 * request, so tenants that have fallen silent hold no memory [L13].
 */
export interface Limits {
  /** Events and bytes of one shared transaction; a larger single request goes alone. */
  groupEvents: number;
  groupBytes: number;
  /** Events and bytes that may wait for one tenant before the next request is turned away. */
  waitingEvents: number;
  waitingBytes: number;
  /** Bytes waiting or being written over all tenants: many of them together must not exhaust memory. */
  totalBytes: number;
}

export const LIMITS: Limits = {
  groupEvents: 1_000,
  groupBytes: 1_048_576,
  waitingEvents: 10_000,
  waitingBytes: 16 * 1_048_576,
  totalBytes: 128 * 1_048_576,
};

/** What the scheduler needs to know of a request. */
export interface Sized {
  events: number;
  bytes: number;
}

export interface GroupCommit<R extends Sized, A> {
  submit(tenantId: string, request: R): Promise<A>;
  /** Tenants with a transaction under way, and what waits behind it. */
  load(): { tenants: number; events: number; bytes: number };
  /** Resolves once everything submitted has been answered. */
  drained(): Promise<void>;
}

interface Waiting<R, A> {
  request: R;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

interface Lane<R, A> {
  waiting: Waiting<R, A>[];
  events: number;
  bytes: number;
}

/** Roughly how long the backlog of a full lane takes to be written. */
const RETRY_AFTER_SECONDS = 1;

export function createGroupCommit<R extends Sized, A>(options: {
  /** One transaction for all of them; answers in the same order. */
  write(tenantId: string, requests: R[]): Promise<A[]>;
  /** True for a failure that every request alone would meet, too: trying them one by one would only wait longer. */
  failsAll(error: unknown): boolean;
  limits?: Limits;
}): GroupCommit<R, A> {
  const limits = options.limits ?? LIMITS;
  const lanes = new Map<string, Lane<R, A>>();
  let totalBytes = 0;
  let idle: (() => void)[] = [];

  async function run(tenantId: string, lane: Lane<R, A>): Promise<void> {
    for (let group = take(lane); group.length > 0; group = take(lane)) {
      await commit(tenantId, group);
      for (const { request } of group) totalBytes -= request.bytes;
    }
    lanes.delete(tenantId);
    if (lanes.size === 0) {
      for (const resolve of idle) resolve();
      idle = [];
    }
  }

  /** As many as fit into one transaction, and always at least the first. */
  function take(lane: Lane<R, A>): Waiting<R, A>[] {
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const { request } of lane.waiting) {
      const fits =
        events + request.events <= limits.groupEvents && bytes + request.bytes <= limits.groupBytes;
      if (count > 0 && !fits) break;
      count++;
      events += request.events;
      bytes += request.bytes;
    }
    lane.events -= events;
    lane.bytes -= bytes;
    return lane.waiting.splice(0, count);
  }

  async function commit(tenantId: string, group: Waiting<R, A>[]): Promise<void> {
    try {
      const answers = await options.write(
        tenantId,
        group.map((waiting) => waiting.request),
      );
      group.forEach((waiting, index) => {
        const answer = answers[index];
        if (answer === undefined) waiting.reject(new Error('group commit: fewer answers than requests'));
        else waiting.resolve(answer);
      });
    } catch (error) {
      if (group.length === 1 || options.failsAll(error)) {
        for (const waiting of group) waiting.reject(error);
      } else {
        // One request must not fail its neighbours.
        for (const waiting of group) await commit(tenantId, [waiting]);
      }
    }
  }

  function submit(tenantId: string, request: R): Promise<A> {
    const lane = lanes.get(tenantId) ?? { waiting: [], events: 0, bytes: 0 };
    const isIdle = !lanes.has(tenantId);
    const isLaneFull =
      lane.events + request.events > limits.waitingEvents || lane.bytes + request.bytes > limits.waitingBytes;
    if ((isLaneFull && !isIdle) || totalBytes + request.bytes > limits.totalBytes) {
      return Promise.reject(new AppError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    }
    return new Promise<A>((resolve, reject) => {
      lane.waiting.push({ request, resolve, reject });
      lane.events += request.events;
      lane.bytes += request.bytes;
      totalBytes += request.bytes;
      if (isIdle) {
        lanes.set(tenantId, lane);
        void run(tenantId, lane);
      }
    });
  }

  return {
    submit,
    load() {
      let events = 0;
      for (const lane of lanes.values()) events += lane.events;
      return { tenants: lanes.size, events, bytes: totalBytes };
    },
    drained() {
      return lanes.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
  };
}
