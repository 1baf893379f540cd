import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedApiKey } from '../../shared/contract/rest.ts';
import own from './Access.module.css';

/** A key just made, selected and ready to be copied: nobody can see it again. */
export function MadeKey({ made }: { made: CreatedApiKey }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  // Without a clipboard, which a page on a plain address does not have, selecting is what can be done.
  useEffect(() => {
    if (made) field.current?.select();
  }, [made]);
  return (
    <label className={own.made}>
      <span>{t('settings.keys.made', { name: made.name })}</span>
      <input ref={field} readOnly value={made.key} spellCheck={false} />
      <span className={own.hint}>{t('settings.keys.madeHint')}</span>
    </label>
  );
}
