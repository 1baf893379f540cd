import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './StepLinks.module.css';

interface StepLinksProps {
  links: readonly { key: string; href: string; name: string }[];
  /** The step that is pointed at or has the focus. */
  onAt(place: number | null): void;
  onRange(from: number, to: number): void;
}

/**
 * What is pressed of a chart: a link over each step, one of them in the order of tabs. Arrow keys move, with Shift they mark
 * several, Enter opens; dragging marks likewise.
 */
export function StepLinks({ links, onAt, onRange }: StepLinksProps) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState(0);
  const [anchor, setAnchor] = useState<number | null>(null);
  const [end, setEnd] = useState<number | null>(null);
  /** A press that has become a drag opens no link; Enter, which presses nothing, always does. */
  const isDrag = useRef(false);
  const list = useRef<HTMLDivElement>(null);
  const marked = anchor !== null && end !== null && anchor !== end;
  const last = links.length - 1;
  const reachable = Math.min(current, Math.max(0, last));

  const clear = (): void => {
    setAnchor(null);
    setEnd(null);
  };
  const placeAt = ({ clientX }: PointerEvent): number => {
    const box = list.current?.getBoundingClientRect();
    if (!box) return 0;
    return Math.max(0, Math.min(last, Math.floor(((clientX - box.left) / box.width) * links.length)));
  };
  const move = (place: number, isMarking: boolean): void => {
    const next = Math.max(0, Math.min(last, place));
    setAnchor(isMarking ? (anchor ?? reachable) : null);
    setEnd(isMarking ? next : null);
    setCurrent(next);
    list.current?.querySelectorAll('a')[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: reachable - 1,
      ArrowRight: reachable + 1,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      move(next, event.shiftKey);
    }
    if (event.key === 'Escape') clear();
    if (event.key !== 'Enter' || !marked) return;
    event.preventDefault();
    clear();
    onRange(anchor, end);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: links over a chart are no fieldset.
    <div
      ref={list}
      className={styles.links}
      role="group"
      aria-label={t('desk.steps')}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        isDrag.current = false;
        if (event.button !== 0 || event.pointerType === 'touch') return;
        setAnchor(placeAt(event));
        setEnd(null);
      }}
      onPointerMove={(event) => {
        const place = placeAt(event);
        onAt(place);
        if (anchor === null || (event.buttons & 1) === 0) return;
        if (place !== anchor) isDrag.current = true;
        setEnd(place);
      }}
      onPointerUp={(event) => {
        if (isDrag.current && anchor !== null && placeAt(event) !== anchor) onRange(anchor, placeAt(event));
        clear();
      }}
      onPointerLeave={() => {
        onAt(null);
        clear();
      }}
    >
      {links.map(({ key, href, name }, place) => (
        <a
          key={key}
          href={href}
          draggable={false}
          tabIndex={place === reachable ? 0 : -1}
          data-marked={marked && place >= Math.min(anchor, end) && place <= Math.max(anchor, end)}
          onFocus={() => {
            setCurrent(place);
            onAt(place);
          }}
          onBlur={() => onAt(null)}
          onClick={(event) => isDrag.current && event.detail > 0 && event.preventDefault()}
        >
          <span className="visually-hidden">{name}</span>
        </a>
      ))}
    </div>
  );
}
