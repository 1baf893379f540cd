import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from '../desk/Desk.module.css';
import { lengthOf, plusDays } from '../desk/days.ts';
import { useAnswer, useDesk } from '../desk/desk.ts';
import { Pending } from '../desk/Message.tsx';
import { titleOf } from '../desk/RangeControl.tsx';
import { SaveList } from '../desk/SaveList.tsx';
import { Segments } from '../desk/Segments.tsx';
import { useToday } from '../desk/useView.ts';
import { formatDateTime, formatDuration } from '../ui/format.ts';
import list from './List.module.css';
import { ListTable } from './ListTable.tsx';
import { SAMPLE_ORDER_NAMES } from './names.ts';
import type { QualityTabProps } from './QualityTabs.tsx';
import { partParametersOf, qualityAddressOf } from './qualityView.ts';
import { reviewAddress } from './reviewAddress.ts';

/** As the API has it (shared/contract/qualityQuery.ts). */
const DAYS_LIMIT = 31;
/** What is shorter was no conversation. */
const MIN_TALK_SECONDS = '10';
const COLUMNS = ['called', 'agent', 'queue', 'talk', 'hold', 'begin'] as const;

/** Calls nobody has reviewed or begun to, for whoever asks what to listen to next. */
export function SampleTab({ view, days }: QualityTabProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const today = useToday();
  const endDate = days.endDate > today && days.startDate <= today ? today : days.endDate;
  const isCut = lengthOf(days.startDate, endDate) > DAYS_LIMIT;
  const taken = { startDate: isCut ? plusDays(endDate, 1 - DAYS_LIMIT) : days.startDate, endDate };
  const parameters = partParametersOf(view.desk, taken);
  parameters.set('order', view.order);
  parameters.set('seed', view.seed);
  parameters.set('minTalkSeconds', MIN_TALK_SECONDS);
  const { data, error, refetch } = useAnswer('analytics/quality/sample', parameters);
  return (
    <div className={list.stack}>
      <div className={list.line}>
        <Segments
          name={t('quality.sample.order')}
          choices={SAMPLE_ORDER_NAMES}
          chosen={view.order}
          hrefOf={(order) => qualityAddressOf({ ...view, order })}
          textOf={(order) => t(`quality.sample.${order}`)}
        />
        {(view.order === 'random' || view.order === 'lowScore') && (
          <a
            className={styles.button}
            href={qualityAddressOf({ ...view, seed: String((Number(view.seed) || 0) + 1) })}
          >
            <RefreshCw aria-hidden="true" /> {t('quality.sample.others')}
          </a>
        )}
      </div>
      <div className={list.line}>
        <p className={styles.quiet}>
          {t('quality.sample.note', { seconds: MIN_TALK_SECONDS })}{' '}
          {isCut && t('quality.sample.cut', { days: titleOf(taken, calendar.weekStart) })}
        </p>
        {data && data.data.length > 0 && <SaveList path="analytics/quality/sample" parameters={parameters} />}
      </div>
      {!data && <Pending error={error} again={() => void refetch()} />}
      {data?.data.length === 0 && (
        <p className={styles.quiet}>{t(`quality.sample.${view.order === 'lowScore' ? 'noLow' : 'none'}`)}</p>
      )}
      {data && data.data.length > 0 && (
        <ListTable name={t('quality.tab.sample')} columns={COLUMNS}>
          {data.data.map((call) => {
            const when = formatDateTime(Date.parse(call.calledAt), calendar.timeZone);
            return (
              <tr key={`${call.callId} ${call.agentId}`}>
                <th scope="row">
                  <a href={`#/calls/${encodeURIComponent(call.callId)}`}>{when}</a>
                </th>
                <td dir="auto">{call.agentName}</td>
                <td dir="auto">{call.queueName}</td>
                <td data-column="talk">{formatDuration(call.talkMs)}</td>
                <td data-column="hold">{formatDuration(call.holdMs)}</td>
                <td data-column="begin">
                  <a href={reviewAddress(call)}>
                    {t('quality.begin.act')}
                    <span className="visually-hidden">
                      {' '}
                      {t('quality.begin.of', { agent: call.agentName, when })}
                    </span>
                  </a>
                </td>
              </tr>
            );
          })}
        </ListTable>
      )}
    </div>
  );
}
