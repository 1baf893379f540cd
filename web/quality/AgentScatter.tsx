import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { QualityAgentRow, QualitySummary } from '../../shared/contract/quality.ts';
import styles from '../desk/Desk.module.css';
import { written } from '../desk/measures.ts';
import { Segments } from '../desk/Segments.tsx';
import { useRoom } from '../ui/useRoom.ts';
import { BESIDES, type QualityView, qualityAddressOf } from './qualityView.ts';
import own from './Scatter.module.css';
import type { ScatterPoint } from './ScatterPlot.tsx';

const ScatterPlot = lazy(() =>
  import('./ScatterPlot.tsx').then(({ ScatterPlot }) => ({ default: ScatterPlot })),
);

interface AgentScatterProps {
  view: QualityView;
  rows: readonly QualityAgentRow[];
  figures: QualitySummary;
  hrefOf(row: QualityAgentRow): string;
}

/** Agents by their score and by what it is held against; the table below has the same in figures. */
export function AgentScatter({ view, rows, figures, hrefOf }: AgentScatterProps) {
  const { t } = useTranslation();
  const [ref, room] = useRoom();
  const { beside } = view;
  const kind = beside === 'ahtMs' ? 'duration' : 'percent';
  const [score, other] = [t('desk.metric.qualityScore'), t(`desk.metric.${beside}`)];
  const points = rows.flatMap((row): ScatterPoint[] => {
    const { agentId: id, name, qualityScore, lowSample } = row;
    const x = row[beside];
    if (qualityScore === null || x === null) return [];
    const said = `${name}: ${score} ${written(qualityScore, 'decimal')}, ${other} ${written(x, kind)}`;
    const isLow = lowSample.includes('qualityScore');
    return [{ id, name, href: hrefOf(row), x, y: qualityScore, isLow, said }];
  });
  // One point is compared with nothing; beside another figure there may be more of them.
  if (rows.filter(({ qualityScore }) => qualityScore !== null).length < 2) return null;
  return (
    <section aria-label={t('quality.beside.title', { other })}>
      <div className={styles.panelHead}>
        <h3>{t('quality.beside.title', { other })}</h3>
        <p className={styles.readout} data-idle="true">
          {t('quality.beside.note')}
        </p>
        <Segments
          name={t('quality.beside.name')}
          choices={BESIDES}
          chosen={beside}
          hrefOf={(one) => qualityAddressOf({ ...view, beside: one })}
          textOf={(one) => t(`desk.metric.${one}`)}
        />
      </div>
      {points.length < 2 ? (
        <p className={styles.quiet}>{t('quality.beside.few')}</p>
      ) : (
        <div className={own.chart} ref={ref}>
          {room && (
            <Suspense>
              <ScatterPlot
                points={points}
                x={{ name: other, kind }}
                y={{ name: score }}
                mean={figures.qualityScore}
                meanName={t('quality.beside.mean')}
                label={t('quality.beside.points')}
                room={room}
              />
            </Suspense>
          )}
        </div>
      )}
    </section>
  );
}
