import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Level } from '../board/TileFrame.tsx';
import { Mark } from '../ui/Mark.tsx';
import { kindOfMetric, written } from './measures.ts';
import styles from './Stated.module.css';

interface StatedProps {
  metric: string;
  value: number | null | undefined;
  /** Too few observations to mean much [T4]. */
  isLowSample?: boolean;
  level?: Level;
  /** Where how it came about opens and closes; left out: nothing can be pressed. */
  explained?: { href: string; isOpen: boolean } | undefined;
  /** Arrow keys lead to it, and not Tab: it is one of many. */
  isOneOfMany?: boolean;
}

/**
 * A figure of the desk: the one place where one is drawn, and pressed for how it came about. An exception has its shape
 * and its word beside the colour; what keeps to its target needs none.
 */
export function Stated({
  metric,
  value,
  isLowSample = false,
  level = 'calm',
  explained,
  isOneOfMany = false,
}: StatedProps) {
  const { t } = useTranslation();
  const isWrong = level === 'warning' || level === 'critical';
  const low = isLowSample ? t('desk.lowSample') : undefined;
  const content = (
    <>
      {isWrong && (
        <>
          <Mark shape={level === 'critical' ? 'square' : 'triangle'} />
          <span className="visually-hidden">{t(`level.${level}`)} </span>
        </>
      )}
      {written(value, kindOfMetric(metric))}
      {isLowSample && <span className="visually-hidden"> {low}</span>}
    </>
  );
  const shared = { className: styles.stated, 'data-level': level, 'data-low': isLowSample };
  if (explained === undefined) {
    return (
      <span {...shared} title={low}>
        {content}
      </span>
    );
  }
  const open = t('desk.explain.open');
  return (
    <Pressed
      {...shared}
      {...explained}
      title={low === undefined ? open : `${low} · ${open}`}
      tabIndex={isOneOfMany ? -1 : undefined}
    >
      {content}
    </Pressed>
  );
}

interface PressedProps extends React.AnchorHTMLAttributes<HTMLAnchorElement> {
  isOpen: boolean;
}

/** Whoever closes an explanation by keyboard stands again where he opened it. */
function Pressed({ isOpen, ...props }: PressedProps) {
  const ref = useRef<HTMLAnchorElement>(null);
  const was = useRef(isOpen);
  useEffect(() => {
    if (was.current && !isOpen && document.activeElement === document.body) ref.current?.focus();
    was.current = isOpen;
  }, [isOpen]);
  return <a ref={ref} data-figure aria-current={isOpen ? 'true' : undefined} {...props} />;
}
