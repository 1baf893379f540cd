import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../config.ts';

const MAIL = {
  SMTP_URL: 'smtp://callboard:secret@mail.example.test:587',
  MAIL_FROM: 'Callboard <callboard@example.test>',
  PUBLIC_URL: 'https://wall.example.test',
};

function mistakesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('mail in the configuration', () => {
  it('is whole or not there', () => {
    expect(loadConfig({})).toMatchObject({ mail: null, publicUrl: null });
    expect(loadConfig(MAIL)).toMatchObject({
      mail: { smtpUrl: MAIL.SMTP_URL, from: MAIL.MAIL_FROM },
      publicUrl: 'https://wall.example.test',
    });
    expect(loadConfig({ PUBLIC_URL: 'http://10.0.0.5:3000/' }).publicUrl).toBe('http://10.0.0.5:3000');
    expect(mistakesOf({ SMTP_URL: MAIL.SMTP_URL })).toEqual([
      expect.stringContaining('without MAIL_FROM'),
      expect.stringContaining('without PUBLIC_URL'),
    ]);
    expect(mistakesOf({ MAIL_FROM: MAIL.MAIL_FROM })).toEqual([expect.stringContaining('without SMTP_URL')]);
  });

  it('names what is wrong, and never the password', () => {
    const wrong = mistakesOf({ ...MAIL, SMTP_URL: 'mail.example.test:secret', MAIL_FROM: 'Callboard' });
    expect(wrong).toEqual([
      expect.stringContaining('SMTP_URL is not the address of a mail server'),
      expect.stringContaining('MAIL_FROM is "Callboard"'),
    ]);
    expect(wrong.join()).not.toContain('secret');
    for (const PUBLIC_URL of [
      'wall.example.test',
      'ftp://a.test',
      'https://a.test/?x=1',
      'https://u@a.test',
    ]) {
      expect(mistakesOf({ PUBLIC_URL }), PUBLIC_URL).toEqual([expect.stringContaining('PUBLIC_URL')]);
    }
  });

  it('holds the public address to the path that pages are served under', () => {
    const BASE_PATH = '/wall';
    expect(loadConfig({ BASE_PATH, PUBLIC_URL: 'https://a.test/wall/' }).publicUrl).toBe(
      'https://a.test/wall',
    );
    expect(mistakesOf({ BASE_PATH, PUBLIC_URL: 'https://a.test' })).toEqual([
      expect.stringContaining('write https://a.test/wall'),
    ]);
    expect(mistakesOf({ PUBLIC_URL: 'https://a.test/wall' })).toEqual([
      expect.stringContaining('write https://a.test,'),
    ]);
  });
});
