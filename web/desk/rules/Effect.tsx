import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PerformanceMetrics } from '../../../shared/contract/analytics.ts';
import type { BusinessRules } from '../../../shared/contract/businessRules.ts';
import type { Targets } from '../../../shared/contract/metrics.ts';
import { compareNames } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import states from '../Message.module.css';
import { Message } from '../Message.tsx';
import { changeOf, levelOf, written } from '../measures.ts';
import type { Days } from '../presets.ts';
import { Scroll } from '../Scroll.tsx';
import { Stated } from '../Stated.tsx';
import { addressOf, DEFAULT_VIEW } from '../view.ts';
import { isAny, type Proposal, targetsOf, touchedBy } from './proposal.ts';
import styles from './Rules.module.css';
import { type Preview, usePreview } from './usePreview.ts';

interface EffectProps {
  rules: BusinessRules;
  proposal: Proposal;
  days: Days;
}

/** What a rule can change of a figure. */
const METRICS = ['serviceLevel', 'abandonmentRate', 'shortAbandoned'] as const;
const AS_IT_IS = { target: null, limit: null };

/** Last week by the rules in force, beside last week by those proposed: together, and of each queue. */
export function Effect({ rules, proposal, days }: EffectProps) {
  const { t } = useTranslation();
  const { preview, error, again } = usePreview(days, proposal);
  if (error !== null) return <Message error={error} again={again} />;
  if (!preview) {
    return (
      <div role="status" aria-busy="true">
        <span className="visually-hidden">{t('desk.loading')}</span>
        <div className={states.skeleton} data-part="chart" />
      </div>
    );
  }
  if (preview.queues.length === 0) {
    return (
      <section className={states.message} aria-label={t('desk.preview.empty')}>
        <h2>{t('desk.preview.empty')}</h2>
        <p>{t('desk.preview.emptyRemedy')}</p>
      </section>
    );
  }
  const isProposed = isAny(proposal);
  const touched = touchedBy(proposal);
  const queues = [...preview.queues].sort((a, b) => compareNames(a.now.name, b.now.name));
  const hasOwn =
    (proposal.threshold !== null || proposal.shortAbandon !== null) && preview.totalProposed === null;
  return (
    <section
      className={desk.panel}
      aria-label={t('desk.preview.effect')}
      aria-busy={preview.isWaiting}
      data-waiting={preview.isWaiting}
    >
      <p className={styles.sentence} role="status">
        {isProposed ? <Sentence {...{ preview, rules, proposal }} /> : t('desk.preview.nothing')}
      </p>
      <Scroll className={styles.scroll} name={t('desk.preview.effect')}>
        <table className={styles.table}>
          <Head touched={touched} />
          <tbody>
            {queues.map(({ now, proposed, own }) => (
              <Row
                key={now.queueId}
                name={now.name}
                href={addressOf({ ...DEFAULT_VIEW, range: days, queues: [now.queueId] })}
                now={now}
                then={proposed}
                touched={touched}
                targets={targetsOf(rules, AS_IT_IS, own)}
                targetsThen={targetsOf(rules, proposal, own)}
              />
            ))}
          </tbody>
          <tfoot>
            <Row
              name={t('desk.total')}
              now={preview.total}
              then={preview.totalProposed ?? undefined}
              touched={touched}
              targets={targetsOf(rules, AS_IT_IS)}
              targetsThen={targetsOf(rules, proposal)}
            />
          </tfoot>
        </table>
      </Scroll>
      {hasOwn && <p className={desk.quiet}>{t('desk.preview.own')}</p>}
      {preview.isCut && <p className={desk.quiet}>{t('desk.preview.cut')}</p>}
    </section>
  );
}

/** Of what is not touched there is nothing that would be. */
function Head({ touched }: { touched: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const rows = touched.size > 0 ? 2 : 1;
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={rows}>
          {t('desk.first.queue')}
        </th>
        <th scope="col" rowSpan={rows} data-column="offered">
          {t('desk.metric.offered')}
        </th>
        {METRICS.map((metric) =>
          touched.has(metric) ? (
            <th key={metric} scope="colgroup" colSpan={3}>
              {t(`desk.metric.${metric}`)}
            </th>
          ) : (
            <th key={metric} scope="col" rowSpan={rows}>
              {t(`desk.metric.${metric}`)}
            </th>
          ),
        )}
      </tr>
      {touched.size > 0 && (
        <tr>
          {METRICS.filter((metric) => touched.has(metric)).flatMap((metric) =>
            (['is', 'would', 'change'] as const).map((column) => (
              <th key={`${metric} ${column}`} scope="col" data-column={column}>
                {t(`desk.preview.column.${column}`)}
              </th>
            )),
          )}
        </tr>
      )}
    </thead>
  );
}

interface RowProps {
  name: string;
  href?: string;
  now: PerformanceMetrics;
  then: PerformanceMetrics | undefined;
  touched: ReadonlySet<string>;
  targets: Targets;
  targetsThen: Targets;
}

function Row({ name, href, now, then, touched, targets, targetsThen }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row" dir="auto">
        {href === undefined ? name : <a href={href}>{name}</a>}
      </th>
      <td data-column="offered">{written(now.offered, 'count')}</td>
      {METRICS.map((metric) => {
        const change = changeOf(metric, then?.[metric], now[metric]);
        const isLow = now.lowSample.includes(metric);
        const is = (
          <Stated
            metric={metric}
            value={now[metric]}
            isLowSample={isLow}
            level={levelOf(metric, now, targets)}
          />
        );
        if (!touched.has(metric))
          return (
            <td key={metric} data-column="is">
              {is}
            </td>
          );
        return (
          <Cells key={metric} isSame={change?.word === 'same'}>
            {is}
            {then && (
              <Stated
                metric={metric}
                value={then[metric]}
                isLowSample={then.lowSample.includes(metric)}
                level={levelOf(metric, then, targetsThen)}
              />
            )}
            {change && change.word !== 'same' && t(`desk.change.${change.word}`, { amount: change.amount })}
          </Cells>
        );
      })}
    </tr>
  );
}

function Cells({
  isSame,
  children: [is, would, change],
}: {
  isSame: boolean;
  children: [ReactNode, ReactNode, ReactNode];
}) {
  return (
    <>
      <td data-column="is">{is}</td>
      <td data-column="would" data-same={isSame}>
        {would}
      </td>
      <td data-column="change">{change}</td>
    </>
  );
}

/** What it would have made of the week, in words. */
function Sentence({ preview, rules, proposal }: { preview: Preview } & Omit<EffectProps, 'days'>) {
  const { t } = useTranslation();
  const { total, totalProposed, queues } = preview;
  const kept = (isThen: boolean): number =>
    queues.filter(({ now, proposed, own }) => {
      const row = isThen ? proposed : now;
      const targets = targetsOf(rules, isThen ? proposal : AS_IT_IS, own);
      return row !== undefined && levelOf('serviceLevel', row, targets) === 'good';
    }).length;
  // One that nobody called, or of which no call decides, is on no side of a target.
  const judged = queues.filter(({ now, proposed }) => (proposed ?? now).serviceLevel !== null);
  const change = totalProposed && changeOf('serviceLevel', totalProposed.serviceLevel, total.serviceLevel);
  return (
    <>
      {totalProposed &&
        t(change?.word === 'same' ? 'desk.preview.same' : 'desk.preview.would', {
          is: written(total.serviceLevel, 'percent'),
          would: written(totalProposed.serviceLevel, 'percent'),
        })}{' '}
      {t('desk.preview.kept', { count: kept(true), before: kept(false), all: judged.length })}
    </>
  );
}
