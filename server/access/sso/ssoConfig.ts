import { ROLES, type Role } from '../../../shared/contract/permissions.ts';
import type { RoleValues } from './claims.ts';

/** Single sign-on through one OpenID Connect provider for the whole installation. */
export interface SsoConfig {
  issuer: URL;
  clientId: string;
  clientSecret: string;
  /** On the button of the sign-in page. */
  name: string;
  /** Slug of the call centre people come into; null: the only one there is. */
  tenant: string | null;
  /** Null: the provider says who somebody is, and an invitation what he may do. */
  roles: RoleValues | null;
  roleClaim: string;
  /** Null: nobody is held to sectors. */
  sectorsClaim: string | null;
  /** The provider's addresses count though it does not say that it has verified them. */
  emailTrusted: boolean;
}

interface Environment {
  read(name: string): string | null;
  secret(name: string): string | null;
  mistake(text: string): void;
}

/** Null without OIDC_ISSUER. */
export function readSsoConfig({ read, secret, mistake }: Environment): SsoConfig | null {
  const issuer = read('OIDC_ISSUER');
  const clientSecret = secret('OIDC_CLIENT_SECRET');
  if (issuer === null) {
    for (const name of ['OIDC_CLIENT_ID', 'OIDC_ROLES', 'OIDC_TENANT']) {
      if (read(name) !== null) mistake(`${name} is set without OIDC_ISSUER: set both, or neither`);
    }
    return null;
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isLoopback = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) {
    mistake(
      `OIDC_ISSUER is "${issuer}": write the provider's https address, as its discovery document names it`,
    );
  }
  const clientId = read('OIDC_CLIENT_ID');
  if (clientId === null) mistake('OIDC_ISSUER is set without OIDC_CLIENT_ID: write the id the provider gave');
  if (clientSecret === null) {
    mistake('OIDC_ISSUER is set without OIDC_CLIENT_SECRET: write the secret the provider gave');
  }
  const trusted = read('OIDC_EMAIL_TRUSTED') ?? 'off';
  if (trusted !== 'on' && trusted !== 'off') {
    mistake(`OIDC_EMAIL_TRUSTED is "${trusted}": write on or off`);
  }
  const roles = readRoles(read('OIDC_ROLES'), mistake);
  const sectorsClaim = read('OIDC_SECTORS_CLAIM');
  if (sectorsClaim !== null && roles === null) {
    mistake('OIDC_SECTORS_CLAIM is set without OIDC_ROLES: without them the provider decides no rights');
  }
  if (url === null || clientId === null || clientSecret === null) return null; // Told above.
  return {
    issuer: url,
    clientId,
    clientSecret,
    name: (read('OIDC_NAME') ?? url.hostname).slice(0, 60),
    tenant: read('OIDC_TENANT'),
    roles,
    roleClaim: read('OIDC_ROLE_CLAIM') ?? 'groups',
    sectorsClaim,
    emailTrusted: trusted === 'on',
  };
}

/** `admin=it-admins; viewer=*`: groups may hold commas and equal signs, as names of directories do. */
function readRoles(text: string | null, mistake: (text: string) => void): RoleValues | null {
  if (text === null) return null;
  const roles: Partial<Record<Role, string[]>> = {};
  for (const pair of text.split(';').map((part) => part.trim())) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const role = ROLES.find((known) => known === pair.slice(0, cut).trim());
    const value = pair.slice(cut + 1).trim();
    if (cut < 0 || role === undefined || value === '') {
      mistake(
        `OIDC_ROLES holds "${pair}": write role=group, parted by ;, with the roles ${ROLES.join(', ')}, and * for any group`,
      );
      continue;
    }
    roles[role] = [...(roles[role] ?? []), value];
  }
  return roles;
}
