import { createHash } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ROLES, type Role } from '../../../shared/contract/permissions.ts';
import { AppError } from '../../http/errors.ts';
import type { Person } from '../principal.ts';

/**
 * Access tokens: JWTs signed with HS256 by a secret of this installation, good for ten minutes and for nothing else.
 * Algorithm, type, issuer and audience are pinned, so no other token passes for one [S1] [S2] [S7]; headers that
 * would fetch a key are refused, as we never write them [S5]. `kid` says by which of our own secrets a token was signed,
 * so that one can take the place of another without signing anybody out; an unknown one is no reason to look anywhere [S4].
 */
export interface AccessTokens {
  issue(who: {
    tenantId: string;
    accountId: string;
    sessionId: string;
    email: string;
    role: Role;
    sectors: readonly string[];
    isPlatformOwner: boolean;
  }): Promise<{ accessToken: string; expiresAt: number }>;
  /** Verifies by the current secret alone from now on. */
  forgetPrevious(): void;
  /** Throws AppError `unauthorized`, the same for every fault. */
  verify(token: string): Promise<Person>;
}

const TYPE = 'at+jwt';
const ISSUER = 'callboard';
const AUDIENCE = 'callboard:api';
export const ACCESS_TOKEN_SECONDS = 600;
/** Ours have 400 bytes and what sectors take (`SECTORS_TEXT_LIMIT`): nothing longer is worth decoding [S9]. */
const TOKEN_LIMIT = 8_192;
/** Nodes behind one proxy disagree about the time by this much. */
const CLOCK_TOLERANCE_SECONDS = 2;

const claims = z.object({
  sub: z.uuid(),
  tid: z.uuid(),
  sid: z.uuid(),
  email: z.string(),
  role: z.enum(ROLES),
  /** Left out where there are none, as for nearly everybody. */
  sectors: z.array(z.string()).default([]),
  /** Likewise. */
  platform: z.boolean().default(false),
  iat: z.number(),
  exp: z.number(),
});
/** Tokens of earlier releases have no `kid`. */
const header = z.strictObject({
  alg: z.literal('HS256'),
  typ: z.literal(TYPE),
  kid: z.string().optional(),
});

/** What tokens are signed and verified by. */
export interface Secrets {
  current: string;
  /** Still good for verifying, for as long as tokens signed by it may be about. */
  previous: string | null;
}

interface Key {
  kid: string;
  secret: Uint8Array;
}

/** Named by its digest, cut short: enough to tell two secrets apart. */
function keyOf(secret: string): Key {
  const kid = createHash('sha256').update(secret).digest('base64url').slice(0, 12);
  return { kid, secret: new TextEncoder().encode(secret) };
}

export function createAccessTokens(secrets: Secrets, now: () => number = Date.now): AccessTokens {
  const current = keyOf(secrets.current);
  const keys = secrets.previous === null ? [current] : [current, keyOf(secrets.previous)];

  const verifyBy = ({ secret }: Key, token: string) =>
    jwtVerify(token, secret, {
      algorithms: ['HS256'],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'iat', 'sub', 'tid', 'sid'],
      maxTokenAge: ACCESS_TOKEN_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now()),
    });

  /** By the secret the token names, or where it names none by any of ours. */
  const verifyByAny = async (token: string) => {
    const { kid } = header.parse(decodeProtectedHeader(token));
    const [first, ...others] = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
    if (first === undefined) throw new Error('signed by no secret of ours');
    return others.reduce((tried, key) => tried.catch(() => verifyBy(key, token)), verifyBy(first, token));
  };

  return {
    forgetPrevious() {
      keys.length = 1;
    },

    async issue({ tenantId, accountId, sessionId, email, role, sectors, isPlatformOwner }) {
      const issuedAt = Math.floor(now() / 1_000);
      const expiresAt = issuedAt + ACCESS_TOKEN_SECONDS;
      const accessToken = await new SignJWT({
        tid: tenantId,
        sid: sessionId,
        email,
        role,
        ...(sectors.length > 0 && { sectors }),
        ...(isPlatformOwner && { platform: true }),
      })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: current.kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(accountId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(current.secret);
      return { accessToken, expiresAt: expiresAt * 1_000 };
    },

    async verify(token) {
      if (token.length > TOKEN_LIMIT) throw new AppError('unauthorized');
      try {
        const { payload } = await verifyByAny(token);
        const { sub, tid, sid, iat, exp, platform, ...who } = claims.parse(payload);
        return {
          kind: 'account',
          tenantId: tid,
          accountId: sub,
          sessionId: sid,
          ...who,
          isPlatformOwner: platform,
          issuedAt: iat * 1_000,
          expiresAt: exp * 1_000,
        };
      } catch (error) {
        throw new AppError('unauthorized', { cause: error });
      }
    },
  };
}
