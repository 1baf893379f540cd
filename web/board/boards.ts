import type { BoardId } from '../../shared/contract/boards.ts';

/** A tile on the 12 × 12 grid: columns and rows count from 1. */
export interface Placement {
  type: string;
  column: number;
  columns: number;
  row: number;
  rows: number;
  /** For whoever sits far away: all of it half as large again. */
  isLarge?: boolean;
  config?: Record<string, unknown>;
}

/**
 * What each board is made of. The wall is the one everybody starts with: figures across the top, where the trouble is
 * below, people at the foot. The others give one of these the room.
 */
export const PLACEMENTS: Readonly<Record<BoardId, readonly Placement[]>> = {
  wall: [
    { type: 'waiting', column: 1, columns: 2, row: 1, rows: 3 },
    { type: 'longestWait', column: 3, columns: 2, row: 1, rows: 3 },
    { type: 'serviceLevel', column: 5, columns: 2, row: 1, rows: 3 },
    { type: 'abandoned', column: 7, columns: 2, row: 1, rows: 3 },
    { type: 'asa', column: 9, columns: 2, row: 1, rows: 3 },
    { type: 'offered', column: 11, columns: 2, row: 1, rows: 3 },
    { type: 'queues', column: 1, columns: 9, row: 4, rows: 5 },
    { type: 'agents', column: 10, columns: 3, row: 4, rows: 3 },
    { type: 'trend', column: 10, columns: 3, row: 7, rows: 3 },
    { type: 'agentGrid', column: 1, columns: 9, row: 9, rows: 4 },
    { type: 'calls', column: 10, columns: 3, row: 10, rows: 3 },
  ],
  queues: [
    { type: 'waiting', column: 1, columns: 2, row: 1, rows: 3 },
    { type: 'longestWait', column: 3, columns: 2, row: 1, rows: 3 },
    { type: 'serviceLevel', column: 5, columns: 2, row: 1, rows: 3 },
    { type: 'abandoned', column: 7, columns: 2, row: 1, rows: 3 },
    { type: 'asa', column: 9, columns: 2, row: 1, rows: 3 },
    { type: 'offered', column: 11, columns: 2, row: 1, rows: 3 },
    { type: 'queues', column: 1, columns: 12, row: 4, rows: 9, isLarge: true },
  ],
  agents: [
    { type: 'waiting', column: 1, columns: 2, row: 1, rows: 3 },
    { type: 'longestWait', column: 3, columns: 2, row: 1, rows: 3 },
    { type: 'serviceLevel', column: 5, columns: 2, row: 1, rows: 3 },
    { type: 'asa', column: 7, columns: 2, row: 1, rows: 3 },
    { type: 'agents', column: 9, columns: 4, row: 1, rows: 3 },
    { type: 'agentGrid', column: 1, columns: 12, row: 4, rows: 9, isLarge: true },
  ],
};
