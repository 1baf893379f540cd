import { z } from 'zod';
import { type IngestAnswer, ingestAnswer } from '../../../shared/contract/rest.ts';
import { PermanentFailure } from './follow.ts';

export interface Server {
  /** Base address, e.g. `https://calls.example.org/base`. */
  url: string;
  key: string;
}

const answerBody = z.object({ data: ingestAnswer });
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Posts a log, or a stretch of one, to POST /api/v1/imports/asterisk. Throws PermanentFailure where a retry is useless. */
export async function sendLog(
  server: Server,
  body: BodyInit,
  options: { source: string; timeZone: string; isFollowed: boolean; name?: string },
): Promise<IngestAnswer> {
  const url = new URL(`${server.url.replace(/\/+$/, '')}/api/v1/imports/asterisk`);
  url.searchParams.set('source', options.source);
  url.searchParams.set('timeZone', options.timeZone);
  if (options.isFollowed) url.searchParams.set('follow', 'true');
  if (options.name !== undefined) url.searchParams.set('name', options.name);
  const response = await reach(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'text/plain' },
    body,
    // A streamed body needs it (Fetch standard); the types of Node do not know it yet.
    ...{ duplex: 'half' },
  });
  const text = await response.text();
  if (response.ok) return answerBody.parse(JSON.parse(text)).data;
  const message = explain(text) ?? `the server answered ${response.status}`;
  // 408 and 429 ask for patience; other 4xx will not get better by themselves.
  const isPermanent =
    response.status >= 400 && response.status < 500 && ![408, 429].includes(response.status);
  throw isPermanent ? new PermanentFailure(message) : new Error(message);
}

/** `fetch failed` tells an operator nothing; its cause does. */
async function reach(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${url.origin} cannot be reached: ${cause}`, { cause: error });
  }
}

function explain(text: string): string | null {
  try {
    const { error } = errorBody.parse(JSON.parse(text));
    return `${error.message} (${error.code})`;
  } catch {
    return null;
  }
}
