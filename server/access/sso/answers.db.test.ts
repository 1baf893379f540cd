import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, CALLBACK, type Door, HOME, openDoor } from './testing/door.ts';
import { followUntil, startProvider, type TestProvider } from './testing/provider.ts';

let provider: TestProvider;
let door: Door;
beforeAll(async () => {
  provider = await startProvider([CALLBACK]);
});
afterAll(() => provider.close());
afterEach(() => door.server.close());

describe('an answer that is not the provider’s to this browser', () => {
  beforeEach(async () => {
    door = await openDoor(provider);
  });

  /** A good answer to come back with, and the cookie it belongs to. */
  async function answered(): Promise<{ back: URL; cookie: string }> {
    provider.nextPerson = ada;
    const { url, cookie } = await door.begin();
    return { back: new URL(await followUntil(HOME, url)), cookie };
  }

  it('without the cookie of who set out is refused: nobody can be signed in as somebody else by a link [S75]', async () => {
    const { back } = await answered();
    expect(await door.comeBack(back.href)).toEqual({ location: '/#/sso/expired', refresh: null });
    const { cookie } = await door.begin();
    expect(await door.comeBack(back.href, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('with another state, code or issuer is refused', async () => {
    for (const parameter of ['state', 'code', 'iss']) {
      const { back, cookie } = await answered();
      back.searchParams.set(parameter, `${back.searchParams.get(parameter)}x`);
      expect(await door.comeBack(back.href, cookie), parameter).toEqual({
        location: '/#/sso/failed',
        refresh: null,
      });
    }
  });

  it('with another verifier or nonce in the cookie is refused', async () => {
    for (const part of ['verifier', 'nonce']) {
      const { back, cookie } = await answered();
      const [name = '', value = ''] = cookie.split('=');
      const kept = JSON.parse(Buffer.from(value, 'base64url').toString());
      const changed = Buffer.from(JSON.stringify({ ...kept, [part]: 'x'.repeat(43) })).toString('base64url');
      expect(await door.comeBack(back.href, `${name}=${changed}`), part).toEqual({
        location: '/#/sso/failed',
        refresh: null,
      });
    }
  });

  it('is good once', async () => {
    const { back, cookie } = await answered();
    expect((await door.comeBack(back.href, cookie)).location).toBe('/');
    expect(await door.comeBack(back.href, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('that says no is told as one that failed, without what it says', async () => {
    const { cookie } = await door.begin();
    const refused = `${CALLBACK}?error=access_denied&error_description=%3Cscript%3E`;
    expect(await door.comeBack(refused, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });
});
