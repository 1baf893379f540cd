import { i18n } from '../app/i18n.ts';
import styles from './AgentLine.module.css';
import { kindOfMetric, written } from './measures.ts';
import { barsPath, linePath } from './overview/spark.ts';

interface AgentLineProps {
  values: readonly (number | null)[];
  metric: string;
  /** Of all the lines beside each other. */
  low: number;
  high: number;
}

/** How one agent did from day to day, as small as a word. Without a hook, as there are many. */
export function AgentLine({ values, metric, low, high }: AgentLineProps) {
  const told = values.filter((value) => value !== null);
  const kind = kindOfMetric(metric);
  const said =
    told.length === 0
      ? i18n.t('desk.lines.none')
      : i18n.t('desk.lines.told', {
          least: written(Math.min(...told), kind),
          most: written(Math.max(...told), kind),
          last: written(told.at(-1), kind),
        });
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${values.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      {kind === 'count' ? (
        <path data-kind="bars" d={barsPath(values, high)} />
      ) : (
        <path d={linePath(values, low, high)} />
      )}
    </svg>
  );
}
