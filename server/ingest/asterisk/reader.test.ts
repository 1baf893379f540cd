import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import { type AsteriskReader, createAsteriskReader, type LineResult } from './reader.ts';

function reader(overrides: { timeZone?: string } = {}): AsteriskReader<number> {
  return createAsteriskReader<number>({
    source: 'asterisk',
    timeZone: overrides.timeZone ?? 'UTC',
    secret: new Uint8Array(32),
    now: () => Date.UTC(2026, 0, 1),
  });
}

function readAll(lines: string[], from: AsteriskReader<number> = reader()): LineResult[] {
  return lines.map((text, index) => from.line(text, index, true));
}

function events(lines: string[]): IngestEvent[] {
  return readAll(lines).flatMap((result) => result.event ?? []);
}

describe('createAsteriskReader', () => {
  it('CONFIGRELOAD and blank lines say nothing', () => {
    expect(readAll(['1543539428|NONE|NONE|NONE|CONFIGRELOAD|', '', '   '])).toEqual([
      expect.objectContaining({ event: null, fault: null }),
      expect.objectContaining({ event: null, fault: null }),
      expect.objectContaining({ event: null, fault: null }),
    ]);
  });

  it.each([
    ['garbage', 'line'],
    ['1543602753|c1|IT|NONE', 'line'],
    ['yesterday|c1|IT|NONE|ABANDON|1|1|2', 'time'],
    ['1543602753|c1|IT|NONE||1|1|2', 'event'],
    ['1543602753|c1|IT|NONE|{"x":1}|1|1|2', 'event'],
    ['1543602753|NONE|IT|NONE|ABANDON|1|1|2', 'callid'],
    ['1543602753|c1|NONE|NONE|ENTERQUEUE||5|1', 'queue'],
    ['1543602753|c1|IT|NONE|ABANDON|1|1|soon', 'wait'],
    [`1543602753|c1|${'q'.repeat(200)}|NONE|CLOSED`, 'queue'],
    ['1543602753|c\u00001|IT|NONE|CLOSED', 'callId'],
    ['1543602753|c\u202e1|IT|NONE|CLOSED', 'callId'],
    ['100000000|c1|IT|NONE|CLOSED', 'time'],
    ['99999999999|c1|IT|NONE|CLOSED', 'time'],
    ['2023-02-31 00:00:00|c1|IT|NONE|CLOSED', 'time'],
  ])('[S62][S63] refuses %j and names the field', (line, field) => {
    expect(readAll([line])[0]?.fault?.field).toBe(field);
  });

  it('leaves an impossible duration out with a warning, and keeps the answer', () => {
    const [result] = readAll(['1543602753|c1|IT|SIP/1|CONNECT|1543602753|x|-3']);
    expect(result?.event).not.toHaveProperty('waitMs', expect.anything());
    expect(result?.warnings).toHaveLength(2);
  });

  it('leaves out a caller nobody could read, with a warning, and keeps the call', () => {
    const [result] = readAll(['1543602753|c1|IT|NONE|ENTERQUEUE||\u0007bell|1']);
    expect(result?.event).toMatchObject({ kind: 'call.queued', position: 1 });
    expect(result?.event).not.toHaveProperty('caller', expect.anything());
    expect(result?.warnings).toHaveLength(1);
  });

  it('[T3] warns when a reported wait and the instants differ by more than two seconds', () => {
    const enter = '1543602700|c1|IT|NONE|ENTERQUEUE||5|1';
    const warnings = (connect: string) => readAll([enter, connect])[1]?.warnings;
    expect(warnings('1543602702|c1|IT|SIP/1|CONNECT|0|x')).toEqual([]);
    expect(warnings('1543602703|c1|IT|SIP/1|CONNECT|0|x')).toHaveLength(1);
  });

  it('warns of a transfer that belongs to none of the calls its agent is on', () => {
    const answer = (call: string) => `1543602700|${call}|IT|SIP/1|CONNECT|0|x`;
    const transfer = (call: string) => `1543602701|${call}|IT|SIP/1|BLINDTRANSFER|1142|x|0|1|1`;
    const warnings = (...lines: string[]) => readAll(lines).at(-1)?.warnings.length;
    expect(warnings(answer('a'), transfer('a'))).toBe(0);
    expect(warnings(answer('a'), transfer('other'))).toBe(0);
    expect(warnings(answer('a'), answer('b'), transfer('other'))).toBe(1);
    expect(warnings(answer('a'), transfer('a'), transfer('other'))).toBe(1);
    // The log began in the middle of this agent's call.
    expect(warnings(transfer('other'))).toBe(0);
  });

  it('[T3] truncates fractions of a second, never rounds them', () => {
    const [event] = events(['1383904389.948999|c1|IT|SIP/1|CONNECT|3.9999|x']);
    expect(event).toMatchObject({ occurredAt: 1_383_904_389_948, waitMs: 3_999 });
  });

  it('[L2] gives the file and the table form of a line the same key', () => {
    const [fromFile] = events(['1675555761|1675555752.0|Support|PJSIP/400|CONNECT|8|1675555753.1|7|']);
    const table = '2023-02-05 01:09:21|1675555752.0|Support|PJSIP/400|CONNECT|8|1675555753.1|7';
    const [fromTable] = readAll([table], reader({ timeZone: 'Europe/Berlin' })).flatMap((r) => r.event ?? []);
    const row = {
      time: '2023-02-05 01:09:21',
      callid: '1675555752.0',
      queuename: 'Support',
      agent: 'PJSIP/400',
      event: 'CONNECT',
    };
    const zoned = reader({ timeZone: 'Europe/Berlin' });
    expect(fromTable).toEqual(fromFile);
    expect(
      zoned.row({ ...row, data1: '8', data2: '1675555753.1', data3: '7', data4: '', data5: null }, 1).event,
    ).toEqual(fromFile);
    expect(reader({ timeZone: 'Europe/Berlin' }).row({ ...row, data: '8|1675555753.1|7' }, 1).event).toEqual(
      fromFile,
    );
    expect(zoned.row({ ...row, id: 77, data: '8' }, 1).event?.sourceKey).toBe('row:77');
  });

  it('reads `talk|origpos` in the last column of the table', () => {
    const row = {
      time: '2023-02-05 01:09:21',
      callid: 'c',
      queuename: 'q',
      agent: 'SIP/1',
      event: 'ATTENDEDTRANSFER',
    };
    const { event } = reader().row(
      { ...row, data1: 'LINK', data2: 'a', data3: 'b', data4: '6', data5: '30|1' },
      1,
    );
    expect(event).toMatchObject({ waitMs: 6_000, talkMs: 30_000 });
  });

  it('[S65] tells the two passes of a repeated hour apart', () => {
    const berlin = reader({ timeZone: 'Europe/Berlin' });
    const at = (local: string, callId: string) =>
      berlin.line(`${local}|${callId}|q|NONE|CLOSED`, 0, true).event?.occurredAt;
    // The clocks went back from 03:00 CEST to 02:00 CET on 2023-10-29, at 01:00 UTC.
    expect(at('2023-10-29 02:59:00', 'a')).toBe(Date.UTC(2023, 9, 29, 0, 59));
    expect(at('2023-10-29 02:01:00', 'b')).toBe(Date.UTC(2023, 9, 29, 1, 1));
    const second = Date.UTC(2023, 9, 29, 1, 30) / 1_000;
    expect(at('2023-10-29 02:31:00', `${second}.5`)).toBe((second + 60) * 1_000);
    expect(at('2023-10-29 02:31:00', `${second - 3_600}.5`)).toBe((second - 3_600 + 60) * 1_000);
    // In spring 02:30 does not exist; it is read an hour later, never lost.
    expect(at('2023-03-26 02:30:00', 'c')).toBe(Date.UTC(2023, 2, 26, 1, 30));
  });

  it('[L2] keeps honest repeats of one second apart, and gives a re-read the same keys', () => {
    const lines = ['100|x', ...Array<string>(3).fill('1543914238|c|NONE|Agent/1|OUTDIAL|5||0|0')];
    const keys = events(lines).map((event) => event.sourceKey);
    expect(new Set(keys).size).toBe(3);
    expect(events(lines).map((event) => event.sourceKey)).toEqual(keys);
  });

  it('[L2] gives a stretch of log that was copied twice into a file the keys of the first copy', () => {
    const stretch = [10, 11, 14, 19].map((second) => `15439142${second}|c${second}|q|NONE|CLOSED`);
    const keys = events([...stretch, ...stretch]).map((event) => event.sourceKey);
    expect(new Set(keys).size).toBe(stretch.length);
  });

  it('[L15] numbers the lines of one second in the order of the file', () => {
    const lines = [
      '1543914238|c|q|NONE|ENTERQUEUE||5|1',
      '1543914238|c|q|SIP/1|CONNECT|0|x',
      '1543914239|c|q|SIP/1|COMPLETEAGENT|0|1|1',
    ];
    expect(events(lines).map((event) => event.sourceOrder)).toEqual([0, 1, 0]);
  });

  it('[L2] a reader that starts at resumeAt() continues exactly like the one before it', () => {
    const line = fc.record({ second: fc.nat(8), call: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.nat(39), (drawn, cut) => {
        const lines = drawn.map(({ second, call: id }) => `${1_543_914_200 + second}|${id}|q|NONE|CLOSED`);
        const at = Math.min(cut, lines.length - 1);
        const whole = reader();
        const before = lines.slice(0, at + 1).map((text, index) => whole.line(text, index, true));
        const resume = whole.resumeAt() ?? 0;
        expect(resume).toBeLessThan(before.length);
        const after = lines.slice(at + 1).map((text, index) => whole.line(text, at + 1 + index, true));
        const again = reader();
        const replayed = lines.slice(resume).map((text, index) => again.line(text, resume + index, true));
        expect(replayed.slice(at + 1 - resume)).toEqual(after);
        const known = new Set(before.map((result) => result.event?.sourceKey));
        for (const result of replayed.slice(0, at + 1 - resume))
          expect(known).toContain(result.event?.sourceKey);
      }),
    );
  });

  it('joins the interface that joined and the person who signed in, where their extensions differ', () => {
    const pair = (joined: string, signedIn: string, later = 0) =>
      readAll([
        `1543598990|1543598985.25|IT|${joined}|ADDMEMBER|`,
        `${1_543_598_990 + later}|1543598985.25|NONE|${signedIn}|AGENTCALLBACKLOGIN|x`,
      ])[1]?.alias;
    expect(pair('Local/77@x', 'Agent/1127')).toEqual({ alias: 'Local/77@x', agent: 'Agent/1127' });
    expect(pair('Local/77@x', 'Agent/1127', 3)).toBeNull();
    expect(pair('Local/1127@x', 'Agent/1127')).toBeNull();
  });

  it('a last line without a newline is taken when it looks whole, and kept as a reject when it does not', () => {
    const last = (text: string) => reader().line(text, 1, false);
    expect(last('1266839779|1266839768.534|9000|SIP/1|RINGNOANSWER|2000').event).not.toBeNull();
    expect(last('1675555761|c|q|NONE|ABANDON|1|1|9').event).not.toBeNull();
    expect(last('1675555761|c|q|NONE|ABANDON|1|').fault?.message).toContain('half-written');
    expect(last('1675555761|c|q|NONE|ABAND').fault?.message).toContain('half-written');
    expect(last('1675555761|c|q').fault).not.toBeNull();
  });
});
