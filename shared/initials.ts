/** A letter or digit with whatever accents stand on it. */
const FIRST = /[\p{L}\p{N}]\p{M}*/u;

/** First and last: "Anna-Lena Müller" → "AM", "Madonna" → "M". Names without a letter or digit have none: "?". */
export function initialsOf(name: string): string {
  const letters = name
    .normalize('NFC')
    .split(/\s+/u)
    .flatMap((word) => FIRST.exec(word)?.[0] ?? []);
  const [first, last] = [letters[0], letters.length > 1 ? letters.at(-1) : ''];
  return first === undefined ? '?' : `${first}${last ?? ''}`.toUpperCase();
}
