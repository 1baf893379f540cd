import { type Answers, addressOf, FRESH_MS, useAsked, useDesk } from './desk.ts';

/** Lists that come in pages. */
type Paged = {
  [Path in keyof Answers]: Answers[Path] extends { meta: { nextCursor: string | null } } ? Path : never;
}[keyof Answers];
type Row<Path extends Paged> = Answers[Path]['data'][number];

const PAGE = 1_000;
/** No centre has more agents; a list that does not end must. */
const PAGES_LIMIT = 20;

/** A list whole, to be sorted: all its pages. */
export function useAll<Path extends Exclude<Paged, 'calls' | 'legs'>>(
  path: Path,
  parameters: URLSearchParams,
  { isMoving, limit = PAGE }: { isMoving: boolean; limit?: number },
): {
  rows: readonly Row<Path>[] | undefined;
  /** `meta.explain`. */
  explain: string;
  /** The rows are those of what was asked before. */
  isOld: boolean;
  error: Error | null;
  again(): void;
} {
  const { read } = useDesk();
  const { data, isPlaceholderData, error, refetch } = useAsked({
    queryKey: ['all', addressOf(path, parameters)],
    async queryFn({ signal }) {
      const rows: Row<Path>[] = [];
      let explain = '';
      const page = new URLSearchParams(parameters);
      page.set('limit', String(limit));
      for (let count = 0; count < PAGES_LIMIT; count++) {
        const { data, meta } = await read<{
          data: Row<Path>[];
          meta: { nextCursor: string | null; explain: string };
        }>(addressOf(path, page), signal);
        rows.push(...data);
        explain = meta.explain;
        if (meta.nextCursor === null) break;
        page.set('cursor', meta.nextCursor);
      }
      return { rows, explain };
    },
    refetchInterval: isMoving && FRESH_MS,
  });
  return {
    rows: data?.rows,
    explain: data?.explain ?? '',
    isOld: isPlaceholderData,
    error,
    again: () => void refetch(),
  };
}
