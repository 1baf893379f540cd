import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { invitationLetter, resetLetter } from './letters.ts';
import { createMailer } from './mailer.ts';
import { startMailServer, type TestMailServer } from './testing.ts';

const log = pino({ level: 'silent' });
const FROM = 'Callboard <callboard@example.test>';
const servers: Pick<TestMailServer, 'close'>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function mailServer(options?: Parameters<typeof startMailServer>[0]): Promise<TestMailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

const LETTER = invitationLetter({
  tenant: 'Acme & Söhne',
  by: 'admin@example.test',
  name: '<b>Ann</b>',
  role: 'supervisor',
  url: 'https://wall.example.test/#/invitation/t0ken',
  days: 7,
});

describe('the mailer', () => {
  it('hands a letter to the mail server, in plain text and in HTML of the same words', async () => {
    const server = await mailServer();
    const mailer = createMailer({ config: { smtpUrl: server.url, from: FROM }, log });
    expect(await mailer.send('ann@example.test', LETTER)).toBe(true);
    const [letter] = server.letters;
    expect(letter?.to).toEqual(['ann@example.test']);
    for (const part of [
      'From: Callboard <callboard@example.test>',
      'To: ann@example.test',
      'text/plain',
      'text/html',
      'Hello <b>Ann</b>,',
      'Accept the invitation: https://wall.example.test/#/invitation/t0ken',
    ]) {
      expect(letter?.content).toContain(part);
    }
  });

  it('signs in where the address says as whom', async () => {
    const user = { name: 'callboard', password: 'p@ss:word/' };
    const server = await mailServer({ user });
    const mailer = createMailer({ config: { smtpUrl: server.url, from: FROM }, log });
    expect(await mailer.send('ann@example.test', LETTER)).toBe(true);
    const wrong = server.url.replace(encodeURIComponent(user.password), 'wrong');
    const refused = createMailer({ config: { smtpUrl: wrong, from: FROM }, log });
    expect(await refused.send('ann@example.test', LETTER)).toBe(false);
  });

  it('answers false, and does not throw, where the server refuses, is not there or is no mail server', async () => {
    const refusing = await mailServer({ refuses: true });
    const gone = await mailServer();
    await gone.close();
    for (const smtpUrl of [refusing.url, gone.url, 'smtp://nowhere.invalid:25']) {
      const mailer = createMailer({ config: { smtpUrl, from: FROM }, log, withinMs: 2_000 });
      expect(await mailer.send('ann@example.test', LETTER), smtpUrl).toBe(false);
    }
  });

  it('waits for no server that says nothing, nor for one that says a little now and then; only so many at once', async () => {
    for (const says of [null, '220-still\r\n']) {
      const silent = createServer((socket) => {
        socket.on('error', () => {});
        const timer = setInterval(() => says && socket.write(says), 20);
        socket.on('close', () => clearInterval(timer));
      });
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      // As in testing.ts.
      const smtpUrl = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const mailer = createMailer({ config: { smtpUrl, from: FROM }, log, withinMs: 300 });
      const before = performance.now();
      const many = Array.from({ length: 20 }, () => mailer.send('ann@example.test', LETTER));
      let answered = 0;
      for (const one of many) void one.then(() => answered++);
      // The one too many is told at once.
      expect(await mailer.send('ann@example.test', LETTER)).toBe(false);
      expect(answered).toBe(0);
      expect(new Set(await Promise.all(many))).toEqual(new Set([false]));
      expect(performance.now() - before).toBeLessThan(5_000);
      await new Promise((resolve) => silent.close(resolve));
    }
  });

  it('writes to one address, whatever it looks like, and no header of somebody’s choosing', async () => {
    const server = await mailServer();
    const mailer = createMailer({ config: { smtpUrl: server.url, from: FROM }, log });
    await mailer.send('a@example.test, b@example.test', LETTER);
    await mailer.send('ann@example.test', { ...LETTER, subject: 'Hello\r\nBcc: eve@example.test' });
    expect(server.letters.every(({ to }) => to.length === 1)).toBe(true);
    expect(server.letters.at(-1)?.to).toEqual(['ann@example.test']);
    expect(server.letters.at(-1)?.content).not.toMatch(/^Bcc:/m);
  });
});

describe('letters', () => {
  it('[S70] hold every name escaped in HTML', () => {
    expect(LETTER.html).not.toContain('<b>Ann');
    expect(LETTER.html).toContain('&#60;b&#62;Ann');
    const reset = resetLetter({ email: '"><script>@example.test', url: 'https://x.test/"onclick="' });
    expect(reset.html).not.toContain('<script>');
    expect(reset.html).not.toContain('"onclick');
  });

  it('say who invites whom, where to and as what', () => {
    expect(LETTER.subject).toBe('Acme & Söhne: your invitation to Callboard');
    expect(LETTER.text).toContain(
      'admin@example.test has invited you to the wallboard of Acme & Söhne, as a supervisor.',
    );
  });
});
