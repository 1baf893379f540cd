import { useTranslation } from 'react-i18next';
import { Stated } from './Stated.tsx';
import { explaining, type View } from './view.ts';
import styles from './WaitsTab.module.css';

interface BesideProps<Metric extends string> {
  metrics: readonly Metric[];
  of: Readonly<Record<Metric, number | null>> & { readonly lowSample: readonly string[] };
  /** Null: they are not those of the range, and are not explained by it. */
  view: View | null;
}

/** A few figures of the whole range in a line, above what they are made of. */
export function Beside<Metric extends string>({ metrics, of, view }: BesideProps<Metric>) {
  const { t } = useTranslation();
  const explained = view === null ? undefined : explaining(view);
  return (
    <dl className={styles.beside}>
      {metrics.map((metric) => (
        <div key={metric}>
          <dt>{t(`desk.metric.${metric}`)}</dt>
          <dd>
            <Stated
              metric={metric}
              value={of[metric]}
              isLowSample={of.lowSample.includes(metric)}
              explained={explained?.(metric)}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
