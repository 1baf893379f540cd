import type { Scope } from './protocol.ts';

/**
 * The boards there are, and what each needs of the wire. Without schemas, so that the page can have it: the page knows
 * the tiles (web/board/boards.ts), the server holds a screen's socket to what is named here and nothing beyond.
 */
export const BOARDS = {
  /** Everything at a glance. */
  wall: { kinds: ['tenant', 'queue', 'agent', 'call', 'source', 'trend'], windows: ['last30', 'today'] },
  /** Headline figures and the queues, large. */
  queues: { kinds: ['tenant', 'queue', 'source', 'trend'], windows: ['last30', 'today'] },
  /** Headline figures and the agents, large; how long a talk is too long is a queue's to say. */
  agents: { kinds: ['tenant', 'queue', 'agent', 'source'], windows: ['last30', 'today'] },
} satisfies Record<string, Scope>;

export type BoardId = keyof typeof BOARDS;

// The keys of the record above are exactly the ids.
export const BOARD_IDS = Object.keys(BOARDS) as [BoardId, ...BoardId[]];
