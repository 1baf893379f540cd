import { X } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused } from '../app/ask.ts';
import { byName, formatCount, formatDateTime } from '../ui/format.ts';
import { AgentDays } from './AgentDays.tsx';
import { AgentLine } from './AgentLine.tsx';
import styles from './AgentsTab.module.css';
import { AGENT_COLUMNS, AGENT_USUAL } from './columns.ts';
import desk from './Desk.module.css';
import { useAnswer, useDesk } from './desk.ts';
import { ExplainRow } from './Explain.tsx';
import { boundsOf, linesOf } from './lines.ts';
import { Pending } from './Message.tsx';
import { type Days, fileNameOf } from './presets.ts';
import { Stated } from './Stated.tsx';
import { Table } from './Table.tsx';
import type { TabProps } from './Tabs.tsx';
import { TimeBar } from './TimeBar.tsx';
import { useAll } from './useAll.ts';
import { useShown } from './useShown.ts';
import { parametersOf } from './useView.ts';
import { addressOf, explaining, type View, withChoice, withoutRow } from './view.ts';

/** Agents who were there; one of them opened, what he did in each queue and how his time passed. */
export function AgentsTab({ view, days, isMoving }: TabProps) {
  const { t } = useTranslation();
  // Days of another zone have no lines: those are of the centre's own.
  const chosen = useMemo(() => (view.timeZone === null ? linesOf(view, days) : null), [view, days]);
  const parameters = parametersOf(view, days, { zone: true });
  if (chosen !== null) parameters.set('line', chosen.metric);
  const all = useAll('analytics/performance/agents', parameters, { isMoving });
  const lines = useShown(chosen, all.isOld);
  const nobody = addressOf({ ...withoutRow(view), agent: null });
  const bounds = useMemo(
    () =>
      boundsOf(
        all.rows?.flatMap(({ line }) => (line === undefined ? [] : [line])) ?? [],
        lines?.metric ?? 'handled',
      ),
    [all.rows, lines?.metric],
  );
  return (
    <>
      {view.agent !== null && (
        <OneAgent
          key={view.agent}
          view={view}
          agentId={view.agent}
          days={days}
          close={nobody}
          isMoving={isMoving}
        />
      )}
      {all.rows ? (
        <Table
          kind="agents"
          title={t('desk.tab.agents')}
          first={t('desk.first.agent')}
          view={view}
          days={fileNameOf(days)}
          explain={all.explain}
          isMoving={isMoving}
          isOld={lines?.metric !== chosen?.metric}
          rows={all.rows}
          isCut={all.isCut}
          columns={AGENT_COLUMNS}
          usual={AGENT_USUAL}
          idOf={({ agentId }) => agentId}
          nameOf={({ name }) => name}
          hrefOf={({ agentId }) => withChoice(nobody, 'agent', agentId)}
          line={
            lines === null
              ? undefined
              : {
                  name: t(`desk.lines.${lines.step}`, { metric: t(`desk.metric.${lines.metric}`) }),
                  of: ({ line }) => line && <AgentLine values={line} metric={lines.metric} {...bounds} />,
                }
          }
          note={t(view.queues.length > 0 ? 'desk.note.agentsOfQueues' : 'desk.note.agents', {
            count: all.rows.length,
            figure: formatCount(all.rows.length),
          })}
        />
      ) : (
        <Pending {...all} />
      )}
    </>
  );
}

interface OneAgentProps {
  view: View;
  agentId: string;
  days: Days;
  close: string;
  isMoving: boolean;
}

function OneAgent({ view, agentId, days, close, isMoving }: OneAgentProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const parameters = parametersOf({ ...view, queues: [], sectors: [] }, days, { zone: true });
  const { data, error, refetch } = useAnswer('analytics/performance/agents/:id', parameters, {
    id: agentId,
    isMoving,
  });
  if (error instanceof Refused && error.code === 'not_found')
    return <p className={desk.note}>{t('desk.agent.unknown', { agentId })}</p>;
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const agent = data.data;
  const explained = explaining(view);
  const { firstSignedInAt, lastSignedInAt } = agent;
  const at = (instant: string): string => formatDateTime(Date.parse(instant), calendar.timeZone);
  return (
    <section className={styles.agent} aria-label={agent.name}>
      <div className={desk.panelHead}>
        <h2 dir="auto">{agent.name}</h2>
        <p className={desk.readout}>
          {firstSignedInAt !== null &&
            lastSignedInAt !== null &&
            t('desk.agent.signedIn', { first: at(firstSignedInAt), last: at(lastSignedInAt) })}
        </p>
        <a className={desk.button} href={close}>
          <X aria-hidden="true" /> {t('desk.agent.close')}
        </a>
      </div>
      <TimeBar agent={agent} />
      <ExplainRow
        view={view}
        template={`${data.meta.explain}&queue={queueId}`}
        rows={agent.queues}
        idOf={(queue) => rowOfQueue(queue)}
        nameOf={(queue) => `${agent.name}, ${queue.name}`}
        isMoving={isMoving}
      />
      {agent.queues.length > 0 && (
        <table className={styles.queues}>
          <thead>
            <tr>
              <th scope="col">{t('desk.first.queue')}</th>
              {QUEUE_METRICS.map((metric) => (
                <th key={metric} scope="col">
                  {t(`desk.metric.${metric}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agent.queues.toSorted(byName).map((queue) => (
              <tr key={queue.queueId}>
                <th scope="row" dir="auto">
                  {queue.name}
                </th>
                {QUEUE_METRICS.map((metric) => (
                  <td key={metric}>
                    <Stated
                      metric={metric}
                      value={queue[metric]}
                      isLowSample={queue.lowSample.includes(metric)}
                      explained={explained(metric, rowOfQueue(queue))}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <AgentDays view={view} agent={agent} days={days} isMoving={isMoving} />
    </section>
  );
}

/** Beside rows of agents, which go by their ids. */
function rowOfQueue({ queueId }: { queueId: string }): string {
  return `in ${queueId}`;
}

const QUEUE_METRICS = ['answered', 'ahtMs', 'averageTalkMs', 'averageWrapUpMs', 'missedRings'] as const;
