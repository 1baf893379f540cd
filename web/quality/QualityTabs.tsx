import { useTranslation } from 'react-i18next';
import type {
  CriterionFigures,
  QualityAgentRow,
  QualitySummary,
  ReviewerFigures,
} from '../../shared/contract/quality.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import type { Column } from '../desk/columns.ts';
import styles from '../desk/Desk.module.css';
import { Pending } from '../desk/Message.tsx';
import { type Days, fileNameOf } from '../desk/presets.ts';
import { Table } from '../desk/Table.tsx';
import { TabStrip } from '../desk/TabStrip.tsx';
import { useAll } from '../desk/useAll.ts';
import { withoutRow } from '../desk/view.ts';
import { AgentScatter } from './AgentScatter.tsx';
import { CalibrationTab } from './CalibrationTab.tsx';
import { CompletionTab } from './CompletionTab.tsx';
import { DueTab } from './DueTab.tsx';
import { QUALITY_TABS, type QualityView, qualityAddressOf, qualityParametersOf } from './qualityView.ts';
import { SampleTab } from './SampleTab.tsx';
import { ScoresTab } from './ScoresTab.tsx';

export interface QualityTabProps {
  view: QualityView;
  days: Days;
  figures: QualitySummary;
  isMoving: boolean;
  known: LiveMetrics;
  /** What is compared with; undefined: nothing. */
  comparedTo: Days | undefined;
  /** Of completion. */
  target: number | null;
}

/** The same reviews by agent, criterion and reviewer, one by one, and what is still to be reviewed. */
export function QualityTabs(props: QualityTabProps) {
  const { t } = useTranslation();
  const { view } = props;
  return (
    <section className={styles.panel} aria-label={t('desk.details')}>
      <div className={styles.panelHead}>
        <TabStrip
          tabs={QUALITY_TABS.map((tab) => ({
            key: tab,
            href: qualityAddressOf({ ...view, tab, desk: withoutRow({ ...view.desk, sort: null }) }),
            name: t(`quality.tab.${tab}`),
          }))}
          open={view.tab}
        />
      </div>
      <Tab {...props} />
    </section>
  );
}

function Tab(props: QualityTabProps) {
  switch (props.view.tab) {
    case 'agents':
      return <AgentsTab {...props} />;
    case 'criteria':
      return <CriteriaTab {...props} />;
    case 'reviewers':
      return <ReviewersTab {...props} />;
    case 'completion':
      return <CompletionTab {...props} />;
    case 'scores':
      return <ScoresTab {...props} />;
    case 'calibration':
      return <CalibrationTab {...props} />;
    case 'due':
      return <DueTab {...props} />;
    case 'sample':
      return <SampleTab {...props} />;
  }
}

const AGENT = [
  'reviews',
  'qualityScore',
  'passRate',
  'criticalFailures',
  'reviewed',
  'answered',
  'coverage',
  'ahtMs',
  'completionRate',
] as const;
const AGENT_COLUMNS: Column<QualityAgentRow>[] = AGENT.map((metric) => ({
  metric,
  value: (row) => row[metric],
  level: (row) => (metric === 'criticalFailures' && row.criticalFailures > 0 ? 'critical' : 'calm'),
  isLow: (row) => row.lowSample.includes(metric),
}));

function AgentsTab({ view, days, figures, isMoving }: QualityTabProps) {
  const { t } = useTranslation();
  const all = useAll('analytics/quality/agents', qualityParametersOf(view, days), { isMoving });
  if (!all.rows) return <Pending {...all} />;
  if (all.rows.length === 0) return <p className={styles.quiet}>{t('quality.note.noAgents')}</p>;
  const hrefOf = ({ agentId }: QualityAgentRow): string =>
    qualityAddressOf({
      ...view,
      tab: 'scores',
      desk: withoutRow({ ...view.desk, agent: agentId, sort: null }),
    });
  return (
    <>
      <AgentScatter view={view} rows={all.rows} figures={figures} hrefOf={hrefOf} />
      <Table
        kind="quality-agents"
        title={t('quality.tab.agents')}
        first={t('desk.first.agent')}
        view={view.desk}
        days={fileNameOf(days)}
        // Whoever was reviewed first: of hundreds the others have nothing to say here yet.
        rows={all.rows.toSorted((a, b) => Number(b.reviews > 0) - Number(a.reviews > 0))}
        isCut={all.isCut}
        columns={AGENT_COLUMNS}
        explain={all.explain}
        isMoving={isMoving}
        usual={AGENT}
        idOf={({ agentId }) => agentId}
        nameOf={({ name }) => name}
        hrefOf={hrefOf}
        note={t('quality.note.agents', { count: all.rows.length })}
      />
    </>
  );
}

const CRITERION = ['criterionShare', 'criterionAnswered', 'notApplicable', 'criticalFailures'] as const;
const CRITERION_COLUMNS: Column<CriterionFigures>[] = [
  { metric: 'criterionShare', value: ({ share }) => share },
  { metric: 'criterionAnswered', value: ({ answered }) => answered },
  { metric: 'notApplicable', value: ({ notApplicable }) => notApplicable },
  {
    metric: 'criticalFailures',
    value: ({ critical, criticalFailures }) => (critical ? criticalFailures : null),
    level: ({ criticalFailures }) => (criticalFailures > 0 ? 'critical' : 'calm'),
  },
];

function CriteriaTab({ view, days, figures }: QualityTabProps) {
  const { t } = useTranslation();
  if (figures.criteria.length === 0) return <p className={styles.quiet}>{t('quality.note.noCriteria')}</p>;
  return (
    <Table
      kind="quality-criteria"
      title={t('quality.tab.criteria')}
      first={t('quality.first.criterion')}
      view={view.desk}
      days={fileNameOf(days)}
      rows={figures.criteria}
      columns={CRITERION_COLUMNS}
      usual={CRITERION}
      isInOrder
      idOf={({ formId, criterionId }) => `${formId} ${criterionId}`}
      nameOf={({ name }) => name}
      hrefOf={({ formId, criterionId }) =>
        qualityAddressOf({ ...view, form: formId, criterion: criterionId })
      }
      markOf={({ critical }) => (critical ? t('quality.critical') : null)}
      note={t('quality.note.criteria')}
    />
  );
}

const REVIEWER = ['reviews', 'qualityScore', 'passRate', 'leniency', 'pairs'] as const;
const REVIEWER_COLUMNS: Column<ReviewerFigures>[] = REVIEWER.map((metric) => ({
  metric,
  value: (row) => row[metric],
}));

function ReviewersTab({ view, days, figures }: QualityTabProps) {
  const { t } = useTranslation();
  if (figures.reviewers.length === 0) return <p className={styles.quiet}>{t('quality.note.noReviewers')}</p>;
  return (
    <Table
      kind="quality-reviewers"
      title={t('quality.tab.reviewers')}
      first={t('quality.first.reviewer')}
      view={view.desk}
      days={fileNameOf(days)}
      rows={figures.reviewers}
      columns={REVIEWER_COLUMNS}
      usual={REVIEWER}
      idOf={({ reviewerId, reviewer }) => reviewerId ?? reviewer}
      nameOf={({ reviewer }) => reviewer}
      hrefOf={({ reviewerId, reviewer }) =>
        qualityAddressOf({ ...view, reviewer: reviewerId ?? reviewer, tab: 'scores' })
      }
      note={t('quality.note.reviewers')}
    />
  );
}
