import { ClipboardList, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { CompareMenu } from '../desk/CompareMenu.tsx';
import desk from '../desk/Desk.module.css';
import { useAnswer } from '../desk/desk.ts';
import styles from '../desk/Filters.module.css';
import { Several } from '../desk/Filters.tsx';
import { Menu } from '../desk/Menu.tsx';
import type { Days } from '../desk/presets.ts';
import { useToday } from '../desk/useView.ts';
import { NOTHING } from './nothing.ts';
import { type QualityView, qualityAddressOf } from './qualityView.ts';

interface QualityFiltersProps {
  view: QualityView;
  days: Days;
  known: LiveMetrics;
  /** What is compared with, once that is known. */
  comparedTo: Days | undefined;
}

/** Which calls' reviews: by queue, the agent's sector, form, and beside what; and who was chosen in a table. Each choice is an address. */
export function QualityFilters({ view, days, known, comparedTo }: QualityFiltersProps) {
  const { t } = useTranslation();
  const forms = useAnswer('analytics/quality/forms', NOTHING).data?.data ?? [];
  const { queues, sectors, agent } = view.desk;
  const allQueues = known.queues.map(({ queueId: id, name }) => ({ id, name }));
  const allSectors = known.sectors.map(({ sectorId: id, name }) => ({ id, name }));
  const said = (
    ids: readonly string[],
    among: typeof allQueues,
    kind: 'queues' | 'sectors',
  ): string | undefined =>
    ids.length === 0
      ? t(`desk.${kind}.all`)
      : ids.length === 1
        ? (among.find(({ id }) => id === ids[0])?.name ?? ids[0])
        : t(`desk.${kind}.some`, { count: ids.length });
  const at = (change: Partial<QualityView>): string => qualityAddressOf({ ...view, ...change });
  return (
    <div className={styles.filters}>
      <CompareMenu view={view.desk} days={days} comparedTo={comparedTo} />
      <Menu
        name={t('quality.form.name')}
        label={forms.find(({ formId }) => formId === view.form)?.name ?? t('quality.form.all')}
        isChosen={view.form !== null}
      >
        {(close) => (
          <ul className={styles.list}>
            {[null, ...forms].map((form) => (
              <li key={form?.formId ?? ''}>
                <a
                  href={at({ form: form?.formId ?? null, criterion: null })}
                  aria-current={view.form === (form?.formId ?? null) ? 'true' : undefined}
                  onClick={close}
                >
                  <span dir="auto">{form?.name ?? t('quality.form.all')}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Menu>
      <Menu
        name={t('desk.queues.name')}
        label={said(queues, allQueues, 'queues')}
        isChosen={queues.length > 0}
      >
        {() => (
          <Several
            all={allQueues}
            chosen={queues}
            at={(ids) => at({ desk: { ...view.desk, queues: ids } })}
          />
        )}
      </Menu>
      {allSectors.length > 1 && (
        <Menu
          name={t('desk.sectors.name')}
          label={said(sectors, allSectors, 'sectors')}
          isChosen={sectors.length > 0}
        >
          {() => (
            <Several
              all={allSectors}
              chosen={sectors}
              at={(ids) => at({ desk: { ...view.desk, sectors: ids } })}
            />
          )}
        </Menu>
      )}
      {agent !== null && (
        <a
          className={desk.button}
          href={at({ desk: { ...view.desk, agent: null } })}
          title={t('quality.only.allAgents')}
        >
          <X aria-hidden="true" /> <AgentName agent={agent} />
        </a>
      )}
      {view.reviewer !== null && (
        <a className={desk.button} href={at({ reviewer: null })}>
          <X aria-hidden="true" /> {t('quality.only.reviewer')}
        </a>
      )}
      <a className={desk.button} href="#/quality/forms">
        <ClipboardList aria-hidden="true" /> {t('quality.forms.title')}
      </a>
    </div>
  );
}

/** What somebody is called whom the address has by id. */
function AgentName({ agent }: { agent: string }) {
  const today = useToday();
  const parameters = new URLSearchParams({ startDate: today, endDate: today, agent });
  const { data } = useAnswer('analytics/quality/agents', parameters);
  return <span dir="auto">{data?.data[0]?.name ?? agent}</span>;
}
