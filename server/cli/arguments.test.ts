import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from './arguments.ts';
import { bar } from './progress.ts';

describe('parseArguments', () => {
  it('reads a command, its file and options', () => {
    const given = [
      'import',
      'asterisk',
      'queue_log',
      '--time-zone',
      'Europe/Berlin',
      '--source',
      'pbx',
      '--tenant',
      'acme',
    ];
    expect(parseArguments(given, { INIT_CWD: '/var/log' })).toEqual({
      command: 'import',
      file: '/var/log/queue_log',
      timeZone: 'Europe/Berlin',
      source: 'pbx',
      tenant: 'acme',
      url: null,
      key: null,
    });
  });

  it('takes server and key from the environment, so that a key need not be typed', () => {
    const env = { CALLBOARD_URL: 'https://calls.example.org', CALLBOARD_KEY: 'k' };
    expect(parseArguments(['follow', 'asterisk', 'queue_log'], env)).toMatchObject({
      command: 'follow',
      timeZone: 'UTC',
      source: 'asterisk',
      url: 'https://calls.example.org',
      key: 'k',
    });
  });

  it('takes a rebuild of one tenant, on the database itself', () => {
    expect(parseArguments(['rebuild', '--tenant', 'acme'], {})).toEqual({
      command: 'rebuild',
      tenant: 'acme',
    });
    expect(() => parseArguments(['rebuild', 'all'], {})).toThrow(UsageError);
    expect(() => parseArguments(['rebuild', '--url', 'http://localhost'], {})).toThrow('--url');
  });

  it.each(['owner', 'password'])(
    'takes whom to make a platform owner, or to help to a password, one at a time: %s',
    (command) => {
      expect(parseArguments([command, 'ada@example.org'], {})).toEqual({
        command,
        email: 'ada@example.org',
      });
      for (const argv of [[command], [command, 'a@example.org', 'b@example.org']]) {
        expect(() => parseArguments(argv, {})).toThrow(`${command} EMAIL`);
      }
    },
  );

  it('asked for help, or for nothing, gives help', () => {
    expect(parseArguments([], {})).toBeNull();
    expect(parseArguments(['import', '--help'], {})).toBeNull();
  });

  it.each([
    ['delete', 'asterisk', 'x'],
    ['import', 'avaya', 'x'],
    ['import', 'asterisk'],
    ['import', 'asterisk', 'x', 'y'],
    ['import', 'asterisk', 'x', '--colour'],
    ['follow', 'asterisk', '-'],
    ['import', 'asterisk', 'x', '--url', 'http://localhost'],
    ['import', 'asterisk', 'x', '--url', 'http://localhost', '--key', 'k', '--tenant', 't'],
  ])('refuses %s %s %s %s', (...given) => {
    expect(() => parseArguments(given, {})).toThrow(UsageError);
  });
});

describe('bar', () => {
  it('shows the part done, or the size read where the whole is unknown', () => {
    expect(bar(50, 100)).toContain(' 50 %');
    expect(bar(200, 100)).toContain('100 %');
    expect(bar(1_572_864, null)).toBe('1.5 MB');
  });
});
