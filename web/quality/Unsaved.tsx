import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { holdAddress } from '../app/address.ts';
import desk from '../desk/Desk.module.css';
import styles from './Review.module.css';

interface UnsavedProps {
  /** Asked as somebody leaves. */
  isUnsaved(): boolean;
  /** Of what is kept nonetheless as somebody goes to another page of ours: whether it cannot be. Left out: it never is. */
  isStuck?(): boolean;
  /** Keeps it; false where that cannot be. Left out: there is nothing it could be kept as. */
  keep?: () => Promise<boolean>;
  /** Forgets it, at once: nothing is unsaved then. Where they go may be this very page. */
  drop(): void;
}

/** Whoever leaves what is not kept is asked first, wherever they go: to another page of ours, or away from us. */
export function Unsaved(props: UnsavedProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const dialog = useRef<HTMLDialogElement>(null);
  /** It is being kept for somebody who leaves then, and has not thought better of it. */
  const isLeaving = useRef(false);
  const { isUnsaved, isStuck = isUnsaved, keep, drop } = props;

  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (latest.current.isUnsaved()) event.preventDefault();
    };
    addEventListener('beforeunload', onUnload);
    const free = holdAddress((address) => {
      const { isUnsaved, isStuck = isUnsaved } = latest.current;
      if (!isStuck()) return true;
      setWanted(address);
      return false;
    });
    return () => {
      removeEventListener('beforeunload', onUnload);
      free();
    };
  }, []);

  const isOpen = wanted !== null;
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  // Kept by itself meanwhile, there is nothing left to ask.
  useEffect(() => {
    if (isOpen && !isLeaving.current && !isStuck()) close();
  });

  if (!isOpen) return null;
  /** Closed before it goes, it gives the focus back. */
  function close(): void {
    isLeaving.current = false;
    dialog.current?.close();
    setWanted(null);
  }
  const leave = (): void => {
    close();
    location.hash = `#/${wanted}`;
  };
  return (
    <dialog className={styles.leaving} aria-label={t('quality.leaving.title')} ref={dialog} onClose={close}>
      <h2>{t('quality.leaving.title')}</h2>
      <p>{t('quality.leaving.ask')}</p>
      <div className={styles.asked}>
        {/* biome-ignore lint/a11y/noAutofocus: a dialog has its focus on what keeps things as they are. */}
        <button type="button" className={styles.main} autoFocus onClick={close}>
          {t('quality.leaving.stay')}
        </button>
        {keep && (
          <button
            type="button"
            className={desk.button}
            disabled={isBusy}
            onClick={async () => {
              isLeaving.current = true;
              setBusy(true);
              const isKept = await keep();
              setBusy(false);
              if (!isLeaving.current) return;
              if (isKept) leave();
              // Why not is told where it is written.
              else close();
            }}
          >
            {t('quality.leaving.keep')}
          </button>
        )}
        <button
          type="button"
          className={desk.button}
          disabled={isBusy}
          onClick={() => {
            drop();
            leave();
          }}
        >
          {t('quality.leaving.leave')}
        </button>
      </div>
    </dialog>
  );
}
