import { vi } from 'vitest';
import type { ClientMessage, ServerMessage } from '../../../shared/contract/protocol.ts';
import { createClock } from '../clock.ts';
import { createConnection } from '../connection.ts';
import { createStore } from '../store.ts';
import type { Wire, WireEvents } from '../wire.ts';

/** The server's end of every wire ever opened. */
interface Line {
  sent: ClientMessage[];
  events: WireEvents;
  isClosed: boolean;
}

export const at = '2026-11-23T10:00:00.000Z';

/** A connection whose wires all end here, where the test is the server. */
export function setUp(token: (afresh: boolean) => Promise<string> = async () => 'token') {
  const lines: Line[] = [];
  const onOutdated = vi.fn();
  const onAccessChanged = vi.fn();
  const store = createStore();
  const clock = createClock();
  const connection = createConnection({
    openWire(events): Wire {
      const line: Line = { sent: [], events, isClosed: false };
      lines.push(line);
      return {
        send: (message) => void line.sent.push(message),
        close: () => {
          line.isClosed = true;
        },
      };
    },
    store,
    clock,
    scope: { kinds: ['agent'], windows: ['today'] },
    token,
    onOutdated,
    onAccessChanged,
    random: () => 0.5,
  });
  const line = (): Line => {
    const last = lines.at(-1);
    if (!last) throw new Error('No wire was opened.');
    return last;
  };
  const tell = (message: ServerMessage): void => line().events.onMessage(message);
  const snapshot = (offset: number, values: Record<string, unknown>, epoch = 'a', version = 1): void =>
    tell({ type: 'snapshot', version, epoch, offset, seq: 0, serverTime: at, values });
  const patch = (offset: number, set: Record<string, unknown>, epoch = 'a'): void =>
    tell({ type: 'patch', epoch, offset, seq: 0, serverTime: at, set, removed: [] });
  const asked = (): number => line().sent.filter(({ type }) => type === 'subscribe').length;
  return { connection, store, lines, line, tell, snapshot, patch, asked, onOutdated, onAccessChanged };
}

/** Started, connected, with a first snapshot. */
export async function follow(parts: ReturnType<typeof setUp>): Promise<void> {
  parts.connection.start();
  await vi.advanceTimersByTimeAsync(0);
  parts.line().events.onOpen();
  parts.snapshot(1, { 'agent:1': 1 });
}
