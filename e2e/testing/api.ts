import { z } from 'zod';
import { createdApiKey, ingestAnswer, liveAgents, liveMetrics, session } from '../../shared/contract/rest.ts';
import { ADMIN } from './server.ts';

/** What every error answers with. */
export const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** The public API as a stranger's script uses it: fetch, a bearer token, and the published answers. */
export interface Api {
  token: string;
  get<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>>;
  live(query?: Record<string, string | number>): Promise<z.output<typeof liveMetrics>>;
  agents(query?: Record<string, string | number>): Promise<z.output<typeof liveAgents>['agents']>;
  createKey(): Promise<string>;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export async function signIn(url: string): Promise<Api> {
  const { accessToken } = await read(
    await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    }),
    session,
  );
  return apiOf(url, accessToken);
}

/** The API with a token from before. */
export function apiOf(url: string, accessToken: string): Api {
  const headers = { authorization: `Bearer ${accessToken}` };
  const get: Api['get'] = async (path, answer) => read(await fetch(`${url}${path}`, { headers }), answer);
  return {
    token: accessToken,
    get,
    live: (query = {}) => get(`/api/v1/metrics/live?${parameters(query)}`, liveMetrics),
    agents: async (query = {}) =>
      (await get(`/api/v1/live/agents?${parameters({ limit: 1_000, ...query })}`, liveAgents)).agents,
    async createKey() {
      const answer = await fetch(`${url}/api/v1/api-keys`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'e2e', scopes: ['events:write'] }),
      });
      return (await read(answer, createdApiKey)).key;
    },
  };
}

export type Imported = z.output<typeof ingestAnswer>;

export async function postEvents(url: string, token: string, events: object[]): Promise<Imported> {
  return read(
    await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    }),
    ingestAnswer,
  );
}

export async function importQueueLog(url: string, token: string, log: string): Promise<Imported> {
  return read(
    await fetch(`${url}/api/v1/imports/asterisk?timeZone=UTC`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: log,
    }),
    ingestAnswer,
  );
}

/** What is asked of any endpoint, as it answers. */
export async function tell(url: string, method: string, path: string, body?: object, token?: string) {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

async function read<T extends z.ZodType>(response: Response, answer: T): Promise<z.output<T>> {
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${JSON.stringify(body)}`);
  return answer.parse(z.object({ data: z.unknown() }).parse(body).data);
}

function parameters(query: Record<string, string | number>): URLSearchParams {
  return new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
}
