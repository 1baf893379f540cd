import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../http/errors.ts';
import { ACCESS_TOKEN_SECONDS, createAccessTokens } from './accessTokens.ts';

const secrets = { current: 'k'.repeat(32), previous: null };
const secret = new TextEncoder().encode(secrets.current);
let now = Date.UTC(2026, 10, 23, 12);
const tokens = createAccessTokens(secrets, () => now);
const who = {
  tenantId: randomUUID(),
  accountId: randomUUID(),
  sessionId: randomUUID(),
  email: 'a@example.test',
  role: 'viewer',
  sectors: [],
  isPlatformOwner: false,
} as const;

type Change = {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  without?: string[];
  key?: Uint8Array;
};

/** A token as ours but for one thing. */
function forge({ header = {}, claims = {}, without = [], key = secret }: Change): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  const all: Record<string, unknown> = {
    tid: who.tenantId,
    sub: who.accountId,
    sid: who.sessionId,
    email: who.email,
    role: who.role,
    iss: 'callboard',
    aud: 'callboard:api',
    iat: issuedAt,
    exp: issuedAt + 60,
    ...claims,
  };
  for (const name of without) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(key);
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function expectRefused(token: string): Promise<void> {
  const error = await tokens.verify(token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'unauthorized', message: 'No valid credentials were presented.' });
}

describe('access tokens', () => {
  it('carry the sectors a person is held to, and whether they run the platform', async () => {
    const more = { sectors: ['sales', 'service'], isPlatformOwner: true };
    const { accessToken } = await tokens.issue({ ...who, ...more });
    expect(await tokens.verify(accessToken)).toMatchObject(more);
  });

  it('come back as the principal they were issued for, for ten minutes', async () => {
    const { accessToken, expiresAt } = await tokens.issue(who);
    expect(expiresAt).toBe(now + ACCESS_TOKEN_SECONDS * 1_000);
    expect(await tokens.verify(accessToken)).toEqual({ kind: 'account', ...who, issuedAt: now, expiresAt });
    expect(await tokens.verify(await forge({}))).toMatchObject(who);
  });

  it('[S1] without a signature are refused', async () => {
    const [, payload] = (await forge({})).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      await expectRefused(`${encode({ alg, typ: 'at+jwt' })}.${payload}.`);
    }
  });

  it('[S2] signed with a public key or another secret are refused', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    await expectRefused(await forge({ key: new TextEncoder().encode(String(pem)) }));
    await expectRefused(await forge({ header: { alg: 'HS512' }, key: new Uint8Array(64).fill(107) }));
  });

  it.each([
    ['[S4] an unknown kid', { kid: 'another' }],
    ['[S4] a kid with SQL', { kid: "' or 1=1 --" }],
    ['[S4] a kid with a path', { kid: '../../dev/null' }],
    ['[S5] a jku', { jku: 'http://127.0.0.1:9/keys' }],
    ['[S5] an x5u', { x5u: 'http://127.0.0.1:9/cert' }],
    ['[S7] another typ', { typ: 'refresh+jwt' }],
    ['[S7] the typ of any JWT', { typ: 'JWT' }],
  ])('with %s are refused', async (_what, header) => {
    await expectRefused(await forge({ header }));
  });

  it('[S6] with a critical extension nobody knows are refused', async () => {
    const [, payload, signature] = (await forge({})).split('.');
    const header = { alg: 'HS256', typ: 'at+jwt', crit: ['b64', 'mystery'], mystery: true };
    await expectRefused(`${encode(header)}.${payload}.${signature}`);
  });

  it.each([
    ['[S7] another issuer', { claims: { iss: 'elsewhere' } }],
    ['[S7] another audience', { claims: { aud: 'callboard:screen' } }],
    ['[S8] no expiry', { without: ['exp'] }],
    ['[S8] no tenant', { without: ['tid'] }],
    ['[S8] an expiry in the past', { claims: { exp: Math.floor(now / 1_000) - 10 } }],
    ['[S8] a beginning in the future', { claims: { nbf: Math.floor(now / 1_000) + 60 } }],
    ['[S8] an issue in the future', { claims: { iat: Math.floor(now / 1_000) + 60 } }],
    ['[S8] a longer life than ours', { claims: { iat: Math.floor(now / 1_000) - 3_600 } }],
    ['a tenant that is no id', { claims: { tid: "x' or true" } }],
    ['a role that is none', { claims: { role: 'owner' } }],
  ])('with %s are refused', async (_what, change) => {
    await expectRefused(await forge(change));
  });

  it('[S8] end on time', async () => {
    const { accessToken } = await tokens.issue(who);
    now += (ACCESS_TOKEN_SECONDS + 3) * 1_000;
    await expectRefused(accessToken);
  });

  it('[S9] of a megabyte are refused unread', async () => {
    await expectRefused(`${'a'.repeat(500_000)}.${'b'.repeat(500_000)}.c`);
    // Of one that is refused anyway nobody could tell.
    await expectRefused(await forge({ claims: { filler: 'a'.repeat(1_000_000) } }));
  });

  it('[S10] with an edited tenant are refused', async () => {
    const [header, payload = '', signature] = (await forge({})).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    await expectRefused(`${header}.${encode({ ...claims, tid: randomUUID() })}.${signature}`);
  });
});

describe('a secret that takes the place of another', () => {
  const next = createAccessTokens({ current: 'n'.repeat(32), previous: secrets.current }, () => now);
  const refused = { code: 'unauthorized' };

  it('signs nobody out: tokens of the one before hold, those of an earlier release too', async () => {
    const { accessToken } = await tokens.issue(who);
    expect(await next.verify(accessToken)).toMatchObject(who);
    expect(await next.verify(await forge({}))).toMatchObject(who); // Without a `kid`.
    const { accessToken: newer } = await next.issue(who);
    expect(await next.verify(newer)).toMatchObject(who);
    await expect(tokens.verify(newer)).rejects.toMatchObject(refused);
  });

  it('[S4] names itself by its digest, and nothing else is taken for one', async () => {
    const { accessToken } = await next.issue(who);
    const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString());
    expect(kid).toMatch(/^[\w-]{12}$/);
    // Signed by the one, said to be of the other.
    await expect(next.verify(await forge({ header: { kid } }))).rejects.toMatchObject(refused);
  });

  it('is the only one once the other has been forgotten', async () => {
    const { accessToken } = await tokens.issue(who);
    const later = createAccessTokens({ current: 'n'.repeat(32), previous: secrets.current }, () => now);
    later.forgetPrevious();
    await expect(later.verify(accessToken)).rejects.toMatchObject(refused);
    await expect(later.verify(await forge({}))).rejects.toMatchObject(refused);
  });
});
