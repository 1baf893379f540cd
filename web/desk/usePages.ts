import { useInfiniteQuery } from '@tanstack/react-query';
import { type Answers, addressOf, useDesk } from './desk.ts';

type Listed = 'calls' | 'legs' | 'analytics/quality/scores' | 'analytics/quality/calibration';
type Row<Path extends Listed> = Answers[Path]['data'][number];

interface Pages<Path extends Listed> {
  rows: readonly Row<Path>[] | undefined;
  /** What the first page said of all of it. */
  meta: Answers[Path]['meta'] | undefined;
  error: Error | null;
  again(): void;
  /** Asks for more; null where that was all. */
  more: (() => void) | null;
  isBusy: boolean;
}

/** A list as far as somebody has read it. */
export function usePages<Path extends Listed>(
  path: Path,
  parameters: URLSearchParams,
  limit: number,
): Pages<Path> {
  const { read } = useDesk();
  const query = useInfiniteQuery({
    queryKey: ['pages', addressOf(path, parameters)],
    initialPageParam: '',
    queryFn({ pageParam, signal }) {
      const page = new URLSearchParams(parameters);
      page.set('limit', String(limit));
      if (pageParam !== '') page.set('cursor', pageParam);
      return read<Answers[Path]>(addressOf(path, page), signal);
    },
    getNextPageParam: ({ meta }) => meta.nextCursor,
  });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  return {
    rows: data?.pages.flatMap((page): Row<Path>[] => page.data),
    meta: data?.pages[0]?.meta,
    error,
    again: () => void refetch(),
    more: hasNextPage ? () => void fetchNextPage() : null,
    isBusy: isFetchingNextPage,
  };
}
