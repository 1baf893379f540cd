import { useCallback, useEffect, useState } from 'react';
import type { RestApi } from './api.ts';

export interface List<T> {
  /** Null until the first page is here. */
  rows: readonly T[] | null;
  hasFailed: boolean;
  hasMore: boolean;
  /** Asks for the next page, or again for the one that has failed. */
  more(): void;
  /** Reads it anew from the beginning. */
  again(): void;
  set(change: (rows: readonly T[]) => readonly T[]): void;
}

/** A list of the settings, a page at a time, and what this page has changed of it. */
export function useList<T>(api: RestApi, path: string): List<T> {
  const [rows, setRows] = useState<readonly T[] | null>(null);
  /** Where the next page starts: `''` at the beginning, null after the last. */
  const [cursor, setCursor] = useState<string | null>('');
  const [hasFailed, setFailed] = useState(false);

  const load = useCallback(
    async (from: string) => {
      setFailed(false);
      try {
        const cursor = `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(from)}`;
        const page = await api.read<T[]>(from === '' ? path : path + cursor);
        setRows((before) => (from === '' ? page.data : [...(before ?? []), ...page.data]));
        setCursor(page.nextCursor);
      } catch {
        setFailed(true);
      }
    },
    [api, path],
  );
  useEffect(() => void load(''), [load]);

  return {
    rows,
    hasFailed,
    hasMore: rows !== null && cursor !== null,
    more: () => void load(cursor ?? ''),
    again: () => void load(''),
    set: (change) => setRows((before) => change(before ?? [])),
  };
}
