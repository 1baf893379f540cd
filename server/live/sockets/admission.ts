/**
 * How many may come in, and how fast. A connection *arrives* from the moment it shows a token until its first snapshot
 * has left for it: that is what costs, a lookup and a snapshot's bytes each. After a restart everybody arrives at once [S33];
 * beyond `arriving` at a time the rest are told when to try again, and wait outside where they cost nothing.
 * Who shows no token holds no place: idle connections cannot keep others out.
 */
export interface Admission<C extends object> {
  /** False: too many are arriving. */
  arrive(connection: C): boolean;
  /** It has, or it will not. */
  arrived(connection: C): void;
  /** Those that still arrive, and since when (ms of `performance.now`). */
  arriving(): IterableIterator<[C, number]>;
  /** Counts it as one of this account's, key's or screen's. False: there are too many of that already. */
  claim(connection: C, principalId: string): boolean;
  leave(connection: C): void;
}

export interface SocketCaps {
  /** Connections of one address (IPv6: network) at a time. */
  perAddress: number;
  /** Connections of one account, key or screen at a time. */
  perUser: number;
  /** More than one account may have, or one could keep all others out. */
  arriving: number;
}

export const SOCKET_CAPS: SocketCaps = { perAddress: 2_000, perUser: 200, arriving: 250 };

export function createAdmission<C extends object>(
  caps: Pick<SocketCaps, 'perUser' | 'arriving'>,
): Admission<C> {
  const arriving = new Map<C, number>();
  const claims = new Map<C, string>();
  const counts = new Map<string, number>();

  const disclaim = (connection: C): void => {
    const id = claims.get(connection);
    if (id === undefined) return;
    claims.delete(connection);
    const left = (counts.get(id) ?? 1) - 1;
    if (left === 0) counts.delete(id);
    else counts.set(id, left);
  };

  return {
    arrive(connection) {
      if (arriving.size >= caps.arriving && !arriving.has(connection)) return false;
      arriving.set(connection, performance.now());
      return true;
    },
    arrived: (connection) => void arriving.delete(connection),
    arriving: () => arriving.entries(),
    claim(connection, principalId) {
      if (claims.get(connection) === principalId) return true;
      disclaim(connection);
      const count = counts.get(principalId) ?? 0;
      if (count >= caps.perUser) return false;
      claims.set(connection, principalId);
      counts.set(principalId, count + 1);
      return true;
    },
    leave(connection) {
      arriving.delete(connection);
      disclaim(connection);
    },
  };
}
