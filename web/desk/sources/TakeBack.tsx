import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptImport } from '../../../shared/contract/imports.ts';
import { Refused } from '../../app/ask.ts';
import { formatCount } from '../../ui/format.ts';
import desk from '../Desk.module.css';
import styles from './Sources.module.css';

/** Takes an import out of every figure, once it was asked whether that is meant. */
export function TakeBack({ of, act }: { of: KeptImport; act(): Promise<void> }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  const { mutate, isPending, error } = useMutation({ mutationFn: act });
  // The focus goes to what takes the place of what had it.
  useEffect(() => {
    if (isAsked) keep.current?.focus();
    else if (wasAsked.current) opener.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  if (!isAsked) {
    return (
      <button
        ref={opener}
        type="button"
        className={desk.button}
        aria-label={t('desk.imports.takeBackOf', { name: of.name })}
        onClick={() => setAsked(true)}
      >
        {t('desk.imports.takeBack')}
      </button>
    );
  }
  return (
    <div className={styles.asked}>
      <p role="alert">
        {error === null
          ? t('desk.imports.ask', { count: of.accepted, figure: formatCount(of.accepted) })
          : error instanceof Refused && error.message !== ''
            ? error.message
            : t('desk.error.away')}
      </p>
      <button
        type="button"
        className={desk.button}
        data-kind="danger"
        disabled={isPending}
        onClick={() => mutate()}
      >
        {t('desk.imports.takeBack')}
      </button>
      <button ref={keep} type="button" className={desk.button} onClick={() => setAsked(false)}>
        {t('desk.imports.keep')}
      </button>
    </div>
  );
}
