import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { ZodError, type ZodType } from 'zod';
import { ERROR_CODES, type ErrorBody, type ErrorCode, type Issue } from '../../shared/contract/errors.ts';
import { AppError, isDatabaseUnavailable } from './errors.ts';

/** A database that is away is asked for again after this long, give or take: everybody at once would keep it down. */
const DATABASE_RETRY_SECONDS = 2;

/** Issues told in one answer. */
const ISSUES_SHOWN = 100;

/** Every error leaves in the one envelope. 4xx says what to fix; 5xx says nothing inside and logs the cause. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => send(toAppError(error), request, reply));
  app.setNotFoundHandler((request, reply) => send(new AppError('not_found'), request, reply));
}

/** Validates with zod and hands its issues on as they are; `toAppError` names the fields. */
export const zodValidator: FastifySchemaCompiler<ZodType> = ({ schema }) => {
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: parsed.error };
  };
};

function send(error: AppError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, status } = error;
  if (status >= 500) {
    const level = code === 'internal' ? 'error' : 'warn';
    // The cause of a 503 is for the log only, like that of a 500.
    request.log[level](
      { err: error.cause ?? error, code, route: request.routeOptions.url },
      'request:failed',
    );
  }
  if (error.retryAfterSeconds !== null) reply.header('retry-after', String(error.retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // What is left of a body nobody waits for would be read as the next request.
  if (status === 408 || status === 413) reply.header('connection', 'close');
  const body: ErrorBody = {
    error: {
      code,
      message: error.message,
      issues: error.issues.slice(0, ISSUES_SHOWN),
      requestId: request.id,
      ...(error.current !== null && { current: error.current }),
    },
  };
  reply.code(status).serializer(JSON.stringify).type('application/json; charset=utf-8').send(body);
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  // Only what a schema refused is the client's mistake; a ZodError of our own making is ours.
  if (error instanceof ZodError && 'validationContext' in error) {
    return new AppError('bad_request', { issues: issuesOf(error) });
  }
  if (isDatabaseUnavailable(error)) {
    return new AppError('database_unavailable', { retryAfterSeconds: DATABASE_RETRY_SECONDS, cause: error });
  }
  const status = statusOf(error);
  if (status === null || status < 400 || status >= 500) return new AppError('internal', { cause: error });
  const code = codeOf(status);
  // Fastify's own sentences about a malformed body say what is wrong with it.
  const message = code === 'bad_request' && error instanceof Error ? error.message : undefined;
  return new AppError(code, { message, cause: error, ...(status === 429 && { retryAfterSeconds: 60 }) });
}

function statusOf(error: unknown): number | null {
  const isNumbered = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
  return isNumbered ? Number(error.statusCode) : null;
}

function codeOf(status: number): ErrorCode {
  // What the table keeps several codes for is thrown as an AppError; this is for Fastify and its plugins.
  if (status === 400) return 'bad_request';
  // Keys of the table itself.
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  return codes.find((code) => ERROR_CODES[code].status === status) ?? 'bad_request';
}

function issuesOf(error: ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not known here' }));
  });
}
