import { describe, expect, it } from 'vitest';
import { readSsoConfig } from './ssoConfig.ts';

const whole = {
  OIDC_ISSUER: 'https://id.example.test/realms/calls',
  OIDC_CLIENT_ID: 'callboard',
  OIDC_CLIENT_SECRET: 'secret',
};

function read(env: Record<string, string>) {
  const mistakes: string[] = [];
  const value = (name: string): string | null => env[name] ?? null;
  const config = readSsoConfig({ read: value, secret: value, mistake: (text) => mistakes.push(text) });
  return { config, mistakes };
}

describe('configuration of single sign-on', () => {
  it('is not there without an issuer', () => {
    expect(read({})).toEqual({ config: null, mistakes: [] });
  });

  it('needs the issuer, an id and a secret', () => {
    expect(read(whole)).toEqual({
      config: {
        issuer: new URL('https://id.example.test/realms/calls'),
        clientId: 'callboard',
        clientSecret: 'secret',
        name: 'id.example.test',
        tenant: null,
        roles: null,
        roleClaim: 'groups',
        sectorsClaim: null,
        emailTrusted: false,
      },
      mistakes: [],
    });
  });

  it('takes groups with commas and equal signs in them, several for one role', () => {
    const OIDC_ROLES = 'admin=CN=cb,OU=it; admin=boss; viewer = *;';
    expect(read({ ...whole, OIDC_ROLES }).config?.roles).toEqual({
      admin: ['CN=cb,OU=it', 'boss'],
      viewer: ['*'],
    });
  });

  it.each([
    [{ OIDC_ISSUER: 'http://id.example.test' }, 'OIDC_ISSUER is "http://id.example.test"'],
    [{ OIDC_ISSUER: 'id.example.test' }, 'OIDC_ISSUER is "id.example.test"'],
    [{ OIDC_ROLES: 'owner=x' }, 'OIDC_ROLES holds "owner=x"'],
    [{ OIDC_ROLES: 'admin' }, 'OIDC_ROLES holds "admin"'],
    [{ OIDC_ROLES: 'admin=' }, 'OIDC_ROLES holds "admin="'],
    [{ OIDC_EMAIL_TRUSTED: 'yes' }, 'OIDC_EMAIL_TRUSTED is "yes"'],
    [{ OIDC_SECTORS_CLAIM: 'teams' }, 'OIDC_SECTORS_CLAIM is set without OIDC_ROLES'],
  ])('says what is wrong with %j', (wrong, mistake) => {
    expect(read({ ...whole, ...wrong }).mistakes).toEqual([expect.stringContaining(mistake)]);
  });

  it('says what is missing, and what is there for nothing', () => {
    expect(read({ OIDC_ISSUER: whole.OIDC_ISSUER }).mistakes).toHaveLength(2);
    expect(read({ OIDC_CLIENT_ID: 'callboard' }).mistakes).toEqual([
      expect.stringContaining('OIDC_CLIENT_ID is set without OIDC_ISSUER'),
    ]);
  });

  it('takes plain http on this machine alone', () => {
    expect(read({ ...whole, OIDC_ISSUER: 'http://127.0.0.1:4000' }).mistakes).toEqual([]);
  });
});
