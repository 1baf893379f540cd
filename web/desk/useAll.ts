import { allPages } from './allPages.ts';
import { type Answers, addressOf, type Desk, FRESH_MS, useAsked, useDesk } from './desk.ts';

/** Lists that come in pages. */
type Paged = {
  [Path in keyof Answers]: Answers[Path] extends { meta: { nextCursor: string | null } } ? Path : never;
}[keyof Answers];
type Row<Path extends Paged> = Answers[Path]['data'][number];

const PAGE = 1_000;

/** What asks for such a list whole, and keeps it. */
export function questionOfAll<Path extends Exclude<Paged, 'calls' | 'legs'>>(
  read: Desk['read'],
  path: Path,
  parameters: URLSearchParams,
  limit: number = PAGE,
) {
  return {
    queryKey: ['all', addressOf(path, parameters)],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      allPages<Row<Path>>((from) => {
        const page = new URLSearchParams(parameters);
        for (const [name, value] of Object.entries({ limit: String(limit), ...from })) page.set(name, value);
        return read(addressOf(path, page), signal);
      }),
  };
}

/** A list whole, to be sorted: all its pages, or none until all are here. */
export function useAll<Path extends Exclude<Paged, 'calls' | 'legs'>>(
  path: Path,
  parameters: URLSearchParams,
  { isMoving, limit }: { isMoving: boolean; limit?: number },
): {
  rows: readonly Row<Path>[] | undefined;
  /** `meta.explain`. */
  explain: string;
  /** There are more rows than are taken: what counts or adds them up is of a part. */
  isCut: boolean;
  /** The rows are those of what was asked before. */
  isOld: boolean;
  error: Error | null;
  again(): void;
} {
  const { read } = useDesk();
  const { data, isPlaceholderData, error, refetch } = useAsked({
    ...questionOfAll(read, path, parameters, limit),
    refetchInterval: isMoving && FRESH_MS,
  });
  return {
    rows: data?.rows,
    explain: data?.explain ?? '',
    isCut: data?.isCut ?? false,
    isOld: isPlaceholderData,
    error,
    again: () => void refetch(),
  };
}
