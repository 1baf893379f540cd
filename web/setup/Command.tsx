import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Command.module.css';
import page from './Setup.module.css';

/** Something to be copied to another machine. */
export function Command({ label, hint, text }: { label: string; hint?: string; text: string }) {
  const { t } = useTranslation();
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  // A page on a plain address of a network has no clipboard: what is shown can be selected.
  const clipboard = window.isSecureContext ? navigator.clipboard : null;
  const copy = (): void => {
    clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <section className={styles.command} aria-labelledby={id}>
      <div className={styles.head}>
        <p id={id} className={styles.name}>
          {label}
        </p>
        {clipboard && (
          <button type="button" className={styles.copy} aria-describedby={id} onClick={copy}>
            {t(isCopied ? 'connect.copied' : 'connect.copy')}
          </button>
        )}
      </div>
      <pre className={styles.code}>{text}</pre>
      {hint && <p className={page.hint}>{hint}</p>}
    </section>
  );
}
