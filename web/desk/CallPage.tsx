import { useTranslation } from 'react-i18next';
import type { CallVisit, OneCall, RawEvent } from '../../shared/contract/calls.ts';
import { Refused } from '../app/ask.ts';
import { reviewAddress } from '../quality/reviewAddress.ts';
import { formatDay, formatDuration, formatTime } from '../ui/format.ts';
import styles from './CallPage.module.css';
import { callerOf } from './CallsTable.tsx';
import desk from './Desk.module.css';
import { DeskContext, useAnswer, useDesk, useZoned } from './desk.ts';
import states from './Message.module.css';
import { Message } from './Message.tsx';
import { Page, type Place } from './Page.tsx';
import { Problems } from './Problems.tsx';
import { callsAddress } from './points.ts';
import { DEFAULT_VIEW, viewOf } from './view.ts';

const NOTHING = new URLSearchParams();
const INTERVAL_MS = 900_000;

/** One call: what happened to it in order, and what was heard of it. */
export function CallPage({ callId, query, ...place }: Place & { callId: string; query: string }) {
  const { t } = useTranslation();
  // Who comes from a list told by another zone's clock reads on by that.
  const {
    view: { timeZone },
    problems,
  } = viewOf(query);
  const zoned = useZoned(timeZone);
  const { data, error, refetch } = useAnswer('calls/:id', NOTHING, { id: callId });
  const call = data?.data;
  const enteredAt = call?.visits[0]?.enteredAt ?? call?.journey[0]?.at;
  const isUnknown = error instanceof Refused && error.code === 'not_found';
  const back =
    enteredAt === undefined
      ? { href: '#/performance', name: t('desk.toPerformance') }
      : {
          href: callsAddress({ ...DEFAULT_VIEW, timeZone }, intervalOf(enteredAt)),
          name: t('desk.call.back'),
        };
  return (
    <Page title={t('desk.call.title')} back={back} {...place}>
      {problems.length > 0 && (
        <div className={desk.notes} role="status">
          <Problems problems={problems} />
        </div>
      )}
      {isUnknown && (
        <section className={states.message} role="alert">
          <h2>{t('desk.call.unknown')}</h2>
          <p>{t('desk.call.unknownWhy', { callId })}</p>
          <a href="#/performance">{t('desk.toPerformance')}</a>
        </section>
      )}
      {error !== null && !isUnknown && <Message error={error} again={() => void refetch()} />}
      {!call && error === null && (
        <div className={states.skeleton} data-part="chart" aria-busy="true" role="status">
          <span className="visually-hidden">{t('desk.loading')}</span>
        </div>
      )}
      {call && (
        <DeskContext value={zoned}>
          {timeZone !== null && <p className={desk.quiet}>{t('desk.listInZone', { timeZone })}</p>}
          <Told call={call} />
        </DeskContext>
      )}
    </Page>
  );
}

/** The quarter of an hour in which a call began. */
function intervalOf(instant: string): { from: string; to: string } {
  const from = Math.floor(Date.parse(instant) / INTERVAL_MS) * INTERVAL_MS;
  return { from: new Date(from).toISOString(), to: new Date(from + INTERVAL_MS).toISOString() };
}

function Told({ call }: { call: OneCall }) {
  const { t } = useTranslation();
  const { calendar, may } = useDesk();
  const { timeZone } = calendar;
  const [first] = call.journey;
  const caller = callerOf(call.caller);
  const start = first ? Date.parse(first.at) : 0;
  const agentId = call.visits.findLast((visit) => visit.agentId !== null)?.agentId;
  const longestMs = Math.max(1, ...call.visits.map(stayedMs));
  const nameOfQueue = (queueId: string | null): string | null =>
    queueId === null ? null : (call.visits.find((visit) => visit.queueId === queueId)?.queueName ?? queueId);
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {caller === null ? t('desk.calls.withheld') : t('desk.call.caller', { caller })}
        </h1>
        <p className={desk.quiet}>
          {first && `${formatDay(start, timeZone)}, ${formatTime(start, timeZone, true)} · `}
          {t('desk.call.id', { callId: call.callId })}
        </p>
        {agentId && may('quality:score') && (
          <p className={styles.review}>
            <a className={desk.button} href={reviewAddress({ callId: call.callId, agentId })}>
              {t('desk.call.review')}
            </a>
          </p>
        )}
      </div>
      {call.visits.map((visit) => (
        <Ribbon key={`${visit.queueId} ${visit.nth}`} visit={visit} longestMs={longestMs} />
      ))}
      <section className={desk.panel} aria-label={t('desk.call.journey')}>
        <div className={desk.panelHead}>
          <h2>{t('desk.call.journey')}</h2>
        </div>
        <ol className={styles.journey}>
          {call.journey.map((step, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what happened to a call stands in the order it did.
            <li key={place} data-step={step.step}>
              <time dateTime={step.at}>{formatTime(Date.parse(step.at), timeZone, true)}</time>
              <span className={styles.since}>{`+${formatDuration(Date.parse(step.at) - start)}`}</span>
              <p>
                <strong>
                  {step.step === 'left' && step.detail !== null
                    ? t(`desk.ended.${step.detail}`, { defaultValue: step.detail })
                    : t(`desk.step.of.${step.step}`)}
                </strong>{' '}
                {[
                  step.agentName,
                  step.step === 'entered' || step.step === 'refused' ? nameOfQueue(step.queueId) : null,
                  step.step === 'transferred' && step.detail ? t('desk.call.to', { to: step.detail }) : null,
                  step.step === 'missed' && step.detail
                    ? t(`desk.call.missed.${step.detail}`, { defaultValue: step.detail })
                    : null,
                  step.durationMs === null
                    ? null
                    : t(`desk.call.after.${step.step}`, {
                        time: formatDuration(step.durationMs),
                        defaultValue: formatDuration(step.durationMs),
                      }),
                ]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ol>
      </section>
      <Events events={call.events} isCut={call.isCut} timeZone={timeZone} />
    </>
  );
}

const PARTS = ['waitMs', 'talkMs', 'holdMs', 'wrapUpMs'] as const;

function stayedMs(visit: CallVisit): number {
  return PARTS.reduce((sum, part) => sum + (visit[part] ?? 0), 0);
}

/** One stay in one queue, its time as parts of a bar: as long, of the longest of the call, as the stay was. */
function Ribbon({ visit, longestMs }: { visit: CallVisit; longestMs: number }) {
  const { t } = useTranslation();
  const parts = PARTS.map((part) => ({ part, ms: visit[part] ?? 0 })).filter(({ ms }) => ms > 0);
  return (
    <section className={styles.ribbon} aria-label={visit.queueName}>
      <p>
        <strong dir="auto">{visit.queueName}</strong> {t(`desk.ended.${visit.outcome}`)}
        {visit.agentName !== null && ` · ${visit.agentName}`}
      </p>
      <div className={styles.bar} style={{ '--length': stayedMs(visit) / longestMs }} aria-hidden="true">
        {parts.map(({ part, ms }) => (
          <span key={part} data-part={part} style={{ '--part': ms }} />
        ))}
      </div>
      <ul className={styles.parts}>
        {parts.map(({ part, ms }) => (
          <li key={part} data-part={part}>
            {t(`desk.call.${part}`)} <strong>{formatDuration(ms)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Events({
  events,
  isCut,
  timeZone,
}: {
  events: readonly RawEvent[];
  isCut: boolean;
  timeZone: string;
}) {
  const { t } = useTranslation();
  return (
    <section className={desk.panel} aria-label={t('desk.call.events')}>
      <details className={styles.events}>
        <summary>
          {t('desk.call.events')}{' '}
          <span className={desk.quiet}>{t('desk.call.eventCount', { count: events.length })}</span>
        </summary>
        {events.length === 0 && <p className={desk.quiet}>{t('desk.call.noEvents')}</p>}
        <ol>
          {events.map((event) => (
            <li key={event.seq}>
              <p>
                <time dateTime={event.occurredAt}>
                  {formatTime(Date.parse(event.occurredAt), timeZone, true)}
                </time>{' '}
                <strong>{event.kind}</strong>{' '}
                <span className={desk.quiet}>
                  {t('desk.call.event', { source: event.source, sourceKey: event.sourceKey, seq: event.seq })}
                </span>
              </p>
              <pre>{JSON.stringify(event.body, null, 2)}</pre>
            </li>
          ))}
        </ol>
        {isCut && <p className={desk.quiet}>{t('desk.call.cut')}</p>}
      </details>
    </section>
  );
}
