import { ask } from '../app/ask.ts';
import { fileOf } from '../app/fileOf.ts';

/** A part of the REST API, as somebody who is signed in. Rejects with `Refused` where the server says no. */
export interface RestApi {
  read<T>(path: string): Promise<{ data: T; nextCursor: string | null }>;
  change<T>(path: string, body: object): Promise<T>;
  add<T>(path: string, body: object): Promise<T>;
  put(path: string, body: object): Promise<void>;
  /** Something to be done, that answers nothing. */
  tell(path: string, body?: object): Promise<void>;
  remove(path: string): Promise<void>;
  /** To be kept by the viewer, under the name the server gives it. */
  file(path: string): Promise<{ name: string; content: Blob }>;
}

export function createRestApi(
  base: URL,
  token: (afresh: boolean) => Promise<string>,
  part: 'settings' | 'account' | 'api-keys' | 'audit' | 'people' | 'platform/tenants' | 'screens',
): RestApi {
  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    ask(base, method, `${part}${path}`, { body, token: await token(false) });
  return {
    async read(path) {
      const { data, meta } = await (await send('GET', path)).json();
      return { data, nextCursor: meta?.nextCursor ?? null };
    },
    async change(path, body) {
      const answer = await send('PATCH', path, body);
      return answer.status === 204 ? undefined : (await answer.json()).data;
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
    async file(path) {
      return fileOf(await send('GET', path), part);
    },
  };
}

/** One thing among others, whatever its id is made of. */
export function pathOf(kind: string, id: string): string {
  return `/${kind}/${encodeURIComponent(id)}`;
}
