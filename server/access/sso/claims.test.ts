import { describe, expect, it } from 'vitest';
import { type Claims, SsoRefused, vouchedBy } from './claims.ts';

const claims: Claims = {
  iss: 'https://id.example.test',
  sub: 'u-1',
  email: 'ada@example.test',
  email_verified: true,
  name: 'Ada',
  groups: ['staff', 'cb-supervisors'],
  realm_access: { roles: ['cb-managers'] },
  teams: ['SALES', 'Night shift', 'Unknown'],
};
const config = {
  emailTrusted: false,
  roles: { admin: ['cb-admins'], manager: ['cb-managers'], supervisor: ['cb-supervisors'] },
  roleClaim: 'groups',
  sectorsClaim: 'teams',
};
const sectors = [
  { id: 'sales', name: 'Sales' },
  { id: 'night', name: 'Night shift' },
  { id: 'service', name: 'Service' },
];

function refusalOf(changed: Claims, settings = {}): string {
  try {
    vouchedBy({ ...claims, ...changed }, { ...config, ...settings }, sectors);
  } catch (error) {
    if (error instanceof SsoRefused) return error.reason;
    throw error;
  }
  return 'let in';
}

describe('what an identity provider says of somebody', () => {
  it('makes a person with the role of a group and the sectors named by id or name', () => {
    expect(vouchedBy(claims, config, sectors)).toEqual({
      issuer: 'https://id.example.test',
      subject: 'u-1',
      email: 'ada@example.test',
      name: 'Ada',
      rights: { role: 'supervisor', sectors: ['sales', 'night'] },
    });
  });

  it('decides no rights where no roles are mapped', () => {
    expect(vouchedBy(claims, { ...config, roles: null }, sectors).rights).toBeNull();
  });

  it.each([
    ['of several groups the one that may most', { groups: ['cb-supervisors', 'cb-admins'] }, {}, 'admin'],
    ['one text instead of a list', { groups: 'cb-supervisors' }, {}, 'supervisor'],
    ['a claim within a claim', {}, { roleClaim: 'realm_access.roles' }, 'manager'],
    ['any group at all', { groups: [] }, { roles: { viewer: ['*'] } }, 'viewer'],
  ])('finds the role by %s', (_how, changed, settings, role) => {
    const { rights } = vouchedBy({ ...claims, ...changed }, { ...config, ...settings }, sectors);
    expect(rights?.role).toBe(role);
  });

  it('holds nobody to sectors whose role sees all, nor whose claim says any', () => {
    expect(vouchedBy({ ...claims, groups: 'cb-admins' }, config, sectors).rights?.sectors).toEqual([]);
    expect(vouchedBy({ ...claims, teams: '*' }, config, sectors).rights?.sectors).toEqual([]);
  });

  it.each([
    ['no address', { email: undefined }, {}, 'noEmail'],
    ['an address that is none', { email: 'ada' }, {}, 'noEmail'],
    ['an address nobody has verified', { email_verified: false }, {}, 'unverifiedEmail'],
    ['an address of which nothing is said', { email_verified: undefined }, {}, 'unverifiedEmail'],
    ['the same where addresses are trusted', { email_verified: undefined }, { emailTrusted: true }, 'let in'],
    ['no group that is mapped', { groups: ['staff'] }, {}, 'noRole'],
    ['no groups at all', { groups: undefined }, {}, 'noRole'],
    ['groups that are no texts', { groups: [{ name: 'cb-admins' }] }, {}, 'noRole'],
    ['sectors of which none is here', { teams: ['Unknown'] }, {}, 'noSector'],
    ['no sectors, which would be all of them', { teams: undefined }, {}, 'noSector'],
    ['a name every object has', {}, { roleClaim: 'constructor.name' }, 'noRole'],
    ['no subject', { sub: '' }, {}, 'failed'],
  ])('with %s: %#', (_what, changed, settings, reason) => {
    expect(refusalOf(changed, settings)).toBe(reason);
  });
});
