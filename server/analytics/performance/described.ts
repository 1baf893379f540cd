import type { onRequestAsyncHookHandler } from 'fastify';
import type { z } from 'zod';

/** How an address of history is described: JSON or, as a file, CSV, which the description of the API leaves out. */
export function describedAs({
  tag,
  onRequest,
  isFile,
}: {
  tag: string;
  onRequest: onRequestAsyncHookHandler;
  isFile: boolean;
}) {
  /** `answer` as any schema: a file is not of its shape. */
  return <Q extends z.ZodType>(summary: string, querystring: Q, answer: z.ZodType) => ({
    onRequest,
    schema: {
      tags: [tag],
      hide: isFile,
      produces: ['application/json', 'text/csv'],
      summary,
      querystring,
      response: { 200: answer },
    },
  });
}
