import { type KeyboardEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '../ui/format.ts';
import { useRoom } from '../ui/useRoom.ts';
import desk from './Desk.module.css';
import { type Answers, useAnswer } from './desk.ts';
import { Pending } from './Message.tsx';
import { targetOf, written } from './measures.ts';
import { callsOfWaits } from './points.ts';
import { Scroll } from './Scroll.tsx';
import { Stated } from './Stated.tsx';
import type { TabProps } from './Tabs.tsx';
import { targetsOf } from './targets.ts';
import { useDragged } from './useDragged.ts';
import { parametersOf } from './useView.ts';
import { addressOf, explaining } from './view.ts';
import styles from './WaitsTab.module.css';
import { barsOf, type WaitBar, within } from './waits.ts';

const BESIDE = ['asaMs', 'averageAbandonMs', 'waitP50Ms', 'waitP90Ms', 'maxWaitMs'] as const;

/** How long callers waited, by what became of them, and the service level that any threshold would make of it. */
export function WaitsTab(props: TabProps) {
  const { view, days, figures, isMoving } = props;
  const { t } = useTranslation();
  const parameters = parametersOf(view, days, { rules: true, zone: true });
  const { data, error, refetch } = useAnswer('analytics/performance/waits', parameters, { isMoving });
  if (!data) return <Pending error={error} again={() => void refetch()} />;
  const explained = explaining(view);
  return (
    <>
      <dl className={styles.beside}>
        {BESIDE.map((metric) => (
          <div key={metric}>
            <dt>{t(`desk.metric.${metric}`)}</dt>
            <dd>
              <Stated
                metric={metric}
                value={figures[metric]}
                isLowSample={figures.lowSample.includes(metric)}
                explained={explained(metric)}
              />
            </dd>
          </div>
        ))}
      </dl>
      {data.data.length === 0 ? (
        <p className={desk.quiet}>{t('desk.waits.none')}</p>
      ) : (
        <Bars {...props} answer={data} />
      )}
    </>
  );
}

function Bars({ view, days, known, answer }: TabProps & { answer: Answers['analytics/performance/waits'] }) {
  const { t } = useTranslation();
  const id = useId();
  const [ref, room] = useRoom();
  const { bars, endSeconds } = barsOf(
    answer.data,
    room === null ? undefined : Math.floor(room.width / (BAR_REM * room.rem)),
  );
  const inForce = view.within ?? answer.meta.thresholds.thresholdSeconds ?? 20;
  const { dragged, drag, settle } = useDragged(view);
  const seconds = Math.min(dragged ?? inForce, endSeconds);
  const told = within(answer, seconds);
  const target = targetOf('serviceLevel', targetsOf(view, known));
  const most = Math.max(1, ...bars.map(sumOf));
  return (
    <>
      <p className={styles.told} role="status">
        <strong>{formatPercent(told.serviceLevel, 1)}</strong>{' '}
        {t('desk.waits.level', { seconds, definition: t(`desk.definition.${answer.meta.definition}`) })}
        {target !== null && ` · ${t('desk.wanted', { target: formatPercent(target, 0) })}`}
        {` · ${t('desk.waits.over', { share: formatPercent(told.over, 1) })}`}
        {` · ${t('desk.waits.abandonedBy', { share: formatPercent(told.abandoned, 1) })}`}
      </p>
      <div ref={ref}>
        <Scroll className={styles.scroll} name={t('desk.tab.waits')}>
          <div
            className={styles.plot}
            style={{ '--bars': bars.length, '--bar': `${BAR_REM}rem`, '--at': seconds / endSeconds }}
          >
            <svg className={styles.curve} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
              {target !== null && <line x1={0} x2={1} y1={1 - target} y2={1 - target} />}
              <polyline points={curveOf(answer, endSeconds)} />
            </svg>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys that reach it from the links inside. */}
            <div className={styles.bars} onKeyDown={moveAlong}>
              {bars.map((bar, place) => (
                <a
                  key={bar.fromSeconds}
                  href={callsOfWaits(view, days, bar)}
                  tabIndex={place === 0 ? 0 : -1}
                  data-within={bar.toSeconds !== null && bar.toSeconds <= seconds}
                  title={nameOf(bar, t)}
                >
                  <span className="visually-hidden">{nameOf(bar, t)}</span>
                  {(['otherwise', 'abandoned', 'answered'] as const).map((kind) => (
                    <span
                      key={kind}
                      data-kind={kind}
                      style={{ '--share': bar[kind] / most }}
                      aria-hidden="true"
                    />
                  ))}
                </a>
              ))}
            </div>
            <div className={styles.axis} aria-hidden="true">
              {bars.map(({ fromSeconds, toSeconds }, place) => (
                <span key={fromSeconds}>
                  {toSeconds === null
                    ? t('desk.waits.longer')
                    : place % EVERY === 0 && place + EVERY + 1 < bars.length
                      ? written(fromSeconds * 1_000, 'duration')
                      : ''}
                </span>
              ))}
            </div>
            <div className={styles.slider}>
              <label className="visually-hidden" htmlFor={id}>
                {t('desk.waits.slider')}
              </label>
              <input
                id={id}
                type="range"
                min={0}
                max={endSeconds}
                value={seconds}
                aria-valuetext={t('desk.waits.at', { seconds, figure: formatPercent(told.serviceLevel, 1) })}
                onChange={({ target: { value } }) => drag(Number(value))}
                onPointerUp={settle}
                onKeyUp={settle}
                onBlur={settle}
              />
            </div>
          </div>
        </Scroll>
      </div>
      <p className={styles.key}>
        {(['answered', 'abandoned', 'otherwise'] as const).map((kind) => (
          <span key={kind} data-kind={kind}>
            {t(kind === 'otherwise' ? 'desk.waits.otherwise' : `desk.metric.${kind}`)}
          </span>
        ))}
        <span data-kind="level">{t('desk.waits.curve')}</span>
        <a className={desk.button} href={addressOf({ ...view, threshold: seconds, within: null })}>
          {t('desk.waits.use', { seconds })}
        </a>
      </p>
      <p className={desk.quiet}>{t('desk.waits.note')}</p>
    </>
  );
}

/** The service level by every threshold, from none to the last bar's. */
function curveOf(answer: Answers['analytics/performance/waits'], endSeconds: number): string {
  const step = Math.max(1, Math.floor(endSeconds / CURVE_POINTS));
  const points: string[] = [];
  for (let seconds = 0; seconds <= endSeconds; seconds += step) {
    const { serviceLevel } = within(answer, seconds);
    if (serviceLevel !== null) points.push(`${seconds / endSeconds},${1 - serviceLevel}`);
  }
  return points.join(' ');
}

const CURVE_POINTS = 120;

/** A bar narrower than this cannot be pressed. */
const BAR_REM = 0.75;

/** Every so many bars are named below. */
const EVERY = 4;

function sumOf({ answered, abandoned, otherwise }: WaitBar): number {
  return answered + abandoned + otherwise;
}

function nameOf(bar: WaitBar, t: (key: string, values: Record<string, string>) => string): string {
  const { fromSeconds, toSeconds } = bar;
  return t(toSeconds === null ? 'desk.waits.barLonger' : 'desk.waits.bar', {
    from: written(fromSeconds * 1_000, 'duration'),
    to: written(toSeconds === null ? null : toSeconds * 1_000, 'duration'),
    answered: formatCount(bar.answered),
    abandoned: formatCount(bar.abandoned),
    otherwise: formatCount(bar.otherwise),
  });
}

/** The bars are one stop; arrow keys go along them. */
function moveAlong({ key, currentTarget }: KeyboardEvent<HTMLElement>): void {
  const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  const links = [...currentTarget.querySelectorAll('a')];
  links[links.findIndex((link) => link.matches(':focus')) + by]?.focus();
}
