import { ask } from '../app/ask.ts';

/** A part of the REST API, as somebody who is signed in. Rejects with `Refused` where the server says no. */
export interface RestApi {
  read<T>(path: string): Promise<{ data: T; nextCursor: string | null }>;
  change<T>(path: string, body: object): Promise<T>;
  add<T>(path: string, body: object): Promise<T>;
  put(path: string, body: object): Promise<void>;
  /** What has no answer but that it is done. */
  tell(path: string, body: object): Promise<void>;
  remove(path: string): Promise<void>;
}

export function createRestApi(
  base: URL,
  token: (afresh: boolean) => Promise<string>,
  part: 'settings' | 'account' | 'api-keys' | 'platform/tenants',
): RestApi {
  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    ask(base, method, `${part}${path}`, { body, token: await token(false) });
  return {
    async read(path) {
      const { data, meta } = await (await send('GET', path)).json();
      return { data, nextCursor: meta?.nextCursor ?? null };
    },
    async change(path, body) {
      return (await (await send('PATCH', path, body)).json()).data;
    },
    async add(path, body) {
      return (await (await send('POST', path, body)).json()).data;
    },
    async put(path, body) {
      await send('PUT', path, body);
    },
    async tell(path, body) {
      await send('POST', path, body);
    },
    async remove(path) {
      await send('DELETE', path);
    },
  };
}

/** One thing among others, whatever its id is made of. */
export function pathOf(kind: string, id: string): string {
  return `/${kind}/${encodeURIComponent(id)}`;
}
