import { ChevronDown } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './Menu.module.css';

interface MenuProps {
  /** What the button says. */
  label: ReactNode;
  /** What it is for, where the label alone does not tell. */
  name: string;
  /** Something is chosen that is not as usual. */
  isChosen?: boolean;
  kind?: 'plain' | 'title';
  children(close: () => void): ReactNode;
}

/** A button that opens a panel below itself; closed by Escape, a press elsewhere, or moving on. */
export function Menu({ label, name, isChosen = false, kind = 'plain', children }: MenuProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: PointerEvent): void => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    addEventListener('pointerdown', onPress);
    return () => removeEventListener('pointerdown', onPress);
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape and leaving close it, wherever in it the focus is.
    <div
      ref={place}
      className={styles.menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        close();
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !place.current?.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className={styles.button}
        data-kind={kind}
        data-chosen={isChosen}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        title={name}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="visually-hidden">{`${name}: `}</span>
        <span className={styles.label}>{label}</span>
        <ChevronDown aria-hidden="true" />
      </button>
      {isOpen && (
        <div id={id} className={styles.panel}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
