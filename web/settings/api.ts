import { ask } from '../app/ask.ts';

/** The settings' part of the REST API, as somebody who is signed in. Rejects with `Refused` where the server says no. */
export interface SettingsApi {
  read<T>(path: string): Promise<{ data: T; nextCursor: string | null }>;
  change<T>(path: string, body: object): Promise<T>;
  add<T>(path: string, body: object): Promise<T>;
  remove(path: string): Promise<void>;
}

export function createSettingsApi(base: URL, token: (afresh: boolean) => Promise<string>): SettingsApi {
  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    ask(base, method, `settings${path}`, { body, token: await token(false) });
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
    async remove(path) {
      await send('DELETE', path);
    },
  };
}

/** One thing among others, whatever its id is made of. */
export function pathOf(kind: string, id: string): string {
  return `/${kind}/${encodeURIComponent(id)}`;
}
