import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import own from './Access.module.css';
import styles from './Settings.module.css';

interface ShownOnceProps {
  label: string;
  /** A secret that nobody can see again. */
  value: string;
  hint: string;
}

/** A secret just made, selected and ready to be copied. */
export function ShownOnce({ label, value, hint }: ShownOnceProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState('');
  // Without a clipboard, which a page on a plain address does not have, selecting is what can be done.
  useEffect(() => {
    if (value) field.current?.select();
  }, [value]);
  const copy = (): void => {
    // Where a browser refuses, it is still selected.
    navigator.clipboard.writeText(value).then(
      () => setCopied(value),
      () => field.current?.select(),
    );
  };
  return (
    <div className={own.made}>
      <label>
        <span>{label}</span>
        <input ref={field} readOnly value={value} spellCheck={false} />
      </label>
      {'clipboard' in navigator && (
        <button type="button" className={styles.button} onClick={copy}>
          {t(copied === value ? 'settings.copied' : 'settings.copy')}
        </button>
      )}
      <p className={own.hint}>{hint}</p>
    </div>
  );
}
