import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { liveHealth } from '../../shared/contract/rest.ts';
import { ask } from '../app/ask.ts';
import type { Sessions } from '../app/session.ts';
import { Mark } from '../ui/Mark.tsx';
import { Command } from './Command.tsx';
import styles from './Setup.module.css';

const LOOK_MS = 1_500;
const WAYS = ['asterisk', 'http'] as const;

/** How a telephone system is connected: a key, the commands with it, and whether anything has arrived. */
export function Connect({
  base,
  sessions,
  firstKey,
  makeKey,
}: {
  base: URL;
  sessions: Sessions;
  /** Null where it could not be made. */
  firstKey: string | null;
  makeKey(): Promise<string>;
}) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(sessions.subscribe, sessions.state);
  const centre = state.name === 'signedIn' ? state.session.tenant.name : '';
  const [key, setKey] = useState(firstKey);
  const [hasFailed, setFailed] = useState(firstKey === null);
  const [way, setWay] = useState<(typeof WAYS)[number]>('asterisk');

  const again = (): void => {
    setFailed(false);
    makeKey().then(setKey, () => setFailed(true));
  };

  return (
    <main className={styles.page}>
      <title>{t('connect.title')}</title>
      <div className={styles.card} data-width="wide">
        <div>
          <h1 className={styles.title}>{t('connect.title')}</h1>
          <p className={styles.lead}>{t('connect.lead', { centre })}</p>
        </div>
        {key === null ? (
          <>
            <p className={styles.problem} role="alert">
              {hasFailed && t('connect.keyMissing')}
            </p>
            <button type="button" className={styles.main} onClick={again}>
              {t('setup.again')}
            </button>
          </>
        ) : (
          <>
            <Command label={t('connect.key')} hint={t('connect.keyHint')} text={key} />
            <fieldset className={styles.ways}>
              <legend className="visually-hidden">{t('connect.how')}</legend>
              {WAYS.map((one) => (
                <label key={one} className={styles.way}>
                  <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
                  <span>{t(`connect.${one}`)}</span>
                </label>
              ))}
            </fieldset>
            {way === 'asterisk' ? (
              <>
                <Command label={t('connect.follow')} text={asterisk(base, key, 'follow', 'queue_log')} />
                <Command label={t('connect.import')} text={asterisk(base, key, 'import', 'queue_log.1')} />
              </>
            ) : (
              <Command label={t('connect.curl')} text={curl(base, key)} />
            )}
            <p className={styles.hint}>
              <a href={new URL('docs/', base).href}>{t('connect.docs')}</a>
            </p>
          </>
        )}
        <div className={styles.buttons}>
          <FirstEvent base={base} sessions={sessions} />
          <a className={styles.main} href="#/">
            {t('connect.wall')}
          </a>
        </div>
      </div>
    </main>
  );
}

/** Asks until the log holds something. */
function FirstEvent({ base, sessions }: { base: URL; sessions: Sessions }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'waiting' | 'unreachable' | 'arrived'>('waiting');
  useEffect(() => {
    if (state === 'arrived') return;
    const look = async (): Promise<void> => {
      try {
        const token = await sessions.token(false);
        const answer = await ask(base, 'GET', 'live/health', { token });
        const { data }: { data: Zod<typeof liveHealth> } = await answer.json();
        setState(data.feed.headSeq > 0 ? 'arrived' : 'waiting');
      } catch {
        setState('unreachable');
      }
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [base, sessions, state]);
  return (
    <p className={styles.first} data-state={state} role="status">
      <Mark shape={state === 'arrived' ? 'check' : 'half'} /> {t(`connect.${state}`)}
    </p>
  );
}

/** What a schema of the contract describes, without the schema in the page. */
type Zod<T extends { _output: unknown }> = T['_output'];

function asterisk(base: URL, key: string, command: 'follow' | 'import', file: string): string {
  return [
    `npm run callboard -- ${command} asterisk /var/log/asterisk/${file}`,
    `  --url ${base.href}`,
    `  --key ${key}`,
  ].join(' \\\n');
}

function curl(base: URL, key: string): string {
  const event = {
    source: 'test',
    sourceKey: '1',
    occurredAt: new Date().toISOString(),
    kind: 'call.queued',
    callId: 'call-1',
    queue: 'sales',
  };
  return [
    `curl ${new URL('api/v1/events', base).href}`,
    `  -H 'authorization: Bearer ${key}' -H 'content-type: application/json'`,
    `  -d '${JSON.stringify({ events: [event] })}'`,
  ].join(' \\\n');
}
