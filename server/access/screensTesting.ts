import type { LightMyRequestResponse } from 'fastify';
import type { TestApp } from '../testing.ts';
import { PASSWORD } from '../testing.ts';

/** A display and the person before it, for the tests of screens. */
export interface ScreensBench {
  signIn(email: string): Promise<Bearer>;
  ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, headers?: Bearer, payload?: object): Answer;
  /** Opens a pairing, enters its code, claims its token. */
  pair(by: Bearer, wish?: object): Promise<{ id: string; token: string; bearer: Bearer }>;
}

export interface Bearer {
  authorization: string;
  [header: string]: string;
}

type Answer = Promise<LightMyRequestResponse>;

export const bearerOf = (token: string): Bearer => ({ authorization: `Bearer ${token}` });

export function screensBench({ app }: TestApp): ScreensBench {
  const ask: ScreensBench['ask'] = (method, path, headers = { authorization: '' }, payload) =>
    app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return {
    ask,
    async signIn(email) {
      const answer = await ask('POST', '/sessions', undefined, { email, password: PASSWORD });
      return bearerOf(answer.json().data.accessToken);
    },
    async pair(by, wish = {}) {
      const { code, secret } = (await ask('POST', '/screens/pairings')).json().data;
      const approved = await ask('POST', '/screens', by, { code, name: 'Lobby', ...wish });
      if (approved.statusCode !== 201) throw new Error(approved.body);
      const { token } = (await ask('POST', '/screens/pairings/claim', undefined, { secret })).json().data;
      return { id: approved.json().data.id, token, bearer: bearerOf(token) };
    },
  };
}
