import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { holdAddress } from '../app/address.ts';
import desk from '../desk/Desk.module.css';
import styles from './Review.module.css';

interface UnsavedProps {
  /** Asked as somebody leaves. */
  isUnsaved(): boolean;
  /** Keeps it; false where that cannot be. Left out: there is nothing it could be kept as. */
  keep?: () => Promise<boolean>;
}

/** Whoever leaves what is not kept is asked first, wherever they go: to another page of ours, or away from us. */
export function Unsaved(props: UnsavedProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const free = useRef(() => {});
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (latest.current.isUnsaved()) event.preventDefault();
    };
    addEventListener('beforeunload', onUnload);
    free.current = holdAddress((address) => {
      if (!latest.current.isUnsaved()) return true;
      setWanted(address);
      return false;
    });
    return () => {
      removeEventListener('beforeunload', onUnload);
      free.current();
    };
  }, []);

  if (wanted === null) return null;
  const leave = (): void => {
    free.current();
    location.hash = `#/${wanted}`;
  };
  const { keep } = props;
  // Closed before it goes, it gives the focus back.
  const close = (): void => dialog.current?.close();
  return (
    <dialog
      className={styles.leaving}
      aria-label={t('quality.leaving.title')}
      ref={(element) => {
        dialog.current = element;
        if (element && !element.open) element.showModal();
      }}
      onClose={() => setWanted(null)}
    >
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
              setBusy(true);
              const isKept = await keep();
              setBusy(false);
              if (isKept) leave();
              // Why not is told where it is written.
              else close();
            }}
          >
            {t('quality.leaving.keep')}
          </button>
        )}
        <button type="button" className={desk.button} disabled={isBusy} onClick={leave}>
          {t('quality.leaving.leave')}
        </button>
      </div>
    </dialog>
  );
}
