/** The result of `work`, or an error after `limitMs`: a half-open connection never answers by itself [L4]. */
export function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer for ${limitMs} ms`)), limitMs);
    const inTime = (): void => clearTimeout(late);
    work.then(resolve, reject).finally(inTime);
  });
}
