import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScoreDetail } from '../../shared/contract/qualityScores.ts';
import { Refused } from '../app/ask.ts';
import desk from '../desk/Desk.module.css';
import { useAnswer, useDesk } from '../desk/desk.ts';
import states from '../desk/Message.module.css';
import { Pending } from '../desk/Message.tsx';
import { Page, type Place } from '../desk/Page.tsx';
import { formatDateTime, formatDuration } from '../ui/format.ts';
import styles from './Form.module.css';
import { NOTHING } from './nothing.ts';
import { useWriting } from './useWriting.ts';
import { newUuid } from './uuid.ts';

/** Which call of which agent is scored on which form: Enter begins, and what was begun before is gone on with. */
export function BeginReview({ query, ...place }: Place & { query: string }) {
  const { t } = useTranslation();
  const parameters = new URLSearchParams(query);
  const callId = parameters.get('call') ?? '';
  const call = useAnswer('calls/:id', NOTHING, { id: callId, isWanted: callId !== '' });
  const forms = useAnswer('analytics/quality/forms', NOTHING);
  const isUnknown = call.error instanceof Refused && call.error.code === 'not_found';
  const title = callId === '' ? 'quality.begin.noCall' : isUnknown ? 'desk.call.unknown' : null;
  return (
    <Page
      title={t('quality.begin.title')}
      back={{ href: '#/quality?tab=sample', name: t('quality.tab.sample') }}
      {...place}
    >
      {title !== null ? (
        <section className={states.message} role="alert">
          <h1>{t(title)}</h1>
          <p>{t(isUnknown ? 'desk.call.unknownWhy' : 'quality.begin.noCallWhy', { callId })}</p>
          <a href="#/quality?tab=sample">{t('quality.begin.choose')}</a>
          <a href="#/calls">{t('desk.calls.title')}</a>
        </section>
      ) : call.data && forms.data ? (
        <Begin
          callId={callId}
          asked={parameters.get('agent') ?? ''}
          visits={call.data.data.visits}
          forms={forms.data.data.filter(({ published }) => published !== null)}
        />
      ) : (
        <Pending
          error={call.error ?? forms.error}
          again={() => {
            void call.refetch();
            void forms.refetch();
          }}
        />
      )}
    </Page>
  );
}

interface BeginProps {
  callId: string;
  asked: string;
  visits: readonly {
    agentId: string | null;
    agentName: string | null;
    queueName: string;
    enteredAt: string;
    talkMs: number | null;
  }[];
  forms: readonly { formId: string; name: string }[];
}

function Begin({ callId, asked, visits, forms }: BeginProps) {
  const { t } = useTranslation();
  const { calendar, write, may } = useDesk();
  const answered = visits.filter(({ agentId }) => agentId !== null);
  const agents = [...new Map(answered.map((visit) => [visit.agentId ?? '', visit])).values()];
  const [agentId, setAgent] = useState(
    agents.some((one) => one.agentId === asked) ? asked : (agents.at(-1)?.agentId ?? asked),
  );
  const [chosen, choose] = useState<string | null>(null);
  // What there is may change while the page is open: another form is published, this one retired.
  const formId = (forms.find((form) => form.formId === chosen) ?? forms[0])?.formId ?? '';
  const [id] = useState(newUuid);
  const { problem, isBusy, attempt } = useWriting();
  const visit = agents.find((one) => one.agentId === agentId);
  if (forms.length === 0)
    return (
      <section className={desk.panel}>
        <h1 className={styles.title}>{t('quality.begin.noForm')}</h1>
        <p className={desk.quiet}>
          {may('quality:manage') ? (
            <a href="#/quality/forms/new">{t('quality.forms.make')}</a>
          ) : (
            t('quality.begin.askManager')
          )}
        </p>
      </section>
    );
  const begin = async (): Promise<void> => {
    try {
      const path = 'analytics/quality/scores';
      const { data } = await write<{ data: ScoreDetail }>('POST', path, { id, callId, agentId, formId });
      location.replace(`#/quality/scores/${data.id}`);
    } catch (error) {
      if (!(error instanceof Refused) || !error.current) throw error;
      // Scored by the same person before: that is the one to go on with.
      location.replace(`#/quality/scores/${(error.current as ScoreDetail).id}`);
    }
  };
  return (
    <form
      className={`${desk.panel} ${styles.fields}`}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(begin);
      }}
    >
      <h1 className={styles.title}>{t('quality.begin.title')}</h1>
      {visit && (
        <p className={desk.quiet}>
          {[
            formatDateTime(Date.parse(visit.enteredAt), calendar.timeZone),
            visit.queueName,
            t('quality.begin.talk', { time: formatDuration(visit.talkMs) }),
          ].join(' · ')}{' '}
          <a href={`#/calls/${encodeURIComponent(callId)}`}>{t('quality.begin.call')}</a>
        </p>
      )}
      <label>
        {t('quality.column.agent')}
        <select value={agentId} onChange={({ target }) => setAgent(target.value)}>
          {agents.length === 0 && <option value={agentId}>{agentId}</option>}
          {agents.map((one) => (
            <option key={one.agentId} value={one.agentId ?? ''}>
              {one.agentName ?? one.agentId}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('quality.column.form')}
        {/* biome-ignore lint/a11y/noAutofocus: the page is for this choice, and Enter begins. */}
        <select autoFocus value={formId} onChange={({ target }) => choose(target.value)}>
          {forms.map((form) => (
            <option key={form.formId} value={form.formId}>
              {form.name}
            </option>
          ))}
        </select>
      </label>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
      <p>
        <button type="submit" className={styles.main} aria-disabled={isBusy}>
          {t('quality.begin.submit')}
        </button>
      </p>
    </form>
  );
}
