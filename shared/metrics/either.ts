/** One of two, or `of` them where there are both. */
export function either(
  of: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  return a === null ? b : b === null ? a : of(a, b);
}
