import { z } from 'zod';

/** A parameter that may be repeated: `?queue=a&queue=b`. One problem for all of it, told in `message`. */
export function several<T extends z.ZodType>(one: T, most: number, message: string) {
  return z.union([z.array(one).min(1).max(most), one.transform((value) => [value])], { error: message });
}
