import { type Answers, addressOf, FRESH_MS, useAsked, useDesk } from './desk.ts';

/** Lists that come in pages. */
type Paged = {
  [Path in keyof Answers]: Answers[Path] extends { meta: { nextCursor: string | null } } ? Path : never;
}[keyof Answers];
type Row<Path extends Paged> = Answers[Path]['data'][number];

interface PageOf<Row> {
  data: readonly Row[];
  /** `nextCursors`: where the rest begins in parts that are asked for at once, of lists that know it. */
  meta: { nextCursor: string | null; nextCursors?: readonly string[]; explain?: string };
}

const PAGE = 1_000;
/** No centre has more agents; a list that does not end must. */
const PAGES_LIMIT = 20;

/** A list whole, to be sorted: all its pages, or none until all are here. */
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
      const ask = (from: Record<string, string>): Promise<PageOf<Row<Path>>> => {
        const page = new URLSearchParams(parameters);
        for (const [name, value] of Object.entries({ limit: String(limit), ...from })) page.set(name, value);
        return read(addressOf(path, page), signal);
      };
      const { data, meta } = await ask({});
      const rows = [...data];
      const { nextCursors, explain = '' } = meta;
      if (nextCursors !== undefined) {
        const parts = nextCursors.slice(0, PAGES_LIMIT).map((cursor, place, all) => {
          const until = all[place + 1];
          return ask(until === undefined ? { cursor } : { cursor, until });
        });
        for (const part of await Promise.all(parts)) rows.push(...part.data);
        return { rows, explain };
      }
      let { nextCursor } = meta;
      for (let count = 1; nextCursor !== null && count < PAGES_LIMIT; count++) {
        const page = await ask({ cursor: nextCursor });
        rows.push(...page.data);
        nextCursor = page.meta.nextCursor;
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
