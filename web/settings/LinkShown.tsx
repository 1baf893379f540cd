import { useTranslation } from 'react-i18next';
import type { MadeLink } from '../../shared/contract/people.ts';
import own from './Access.module.css';
import { ShownOnce } from './ShownOnce.tsx';

interface LinkShownProps {
  made: MadeLink;
  /** A page of shared/contract/links.ts. */
  page: string;
  base: URL;
  /** For whom it is. */
  name: string;
  email: string;
}

/** A link just made: to be handed over, mailed already, or both. */
export function LinkShown({ made, page, base, name, email }: LinkShownProps) {
  const { t } = useTranslation();
  const { token, mail } = made;
  if (token === null) {
    return (
      <p className={own.done} role="status">
        {t(`settings.people.only.${mail}`, { email })}
      </p>
    );
  }
  return (
    <ShownOnce
      label={t('settings.people.linkFor', { name })}
      // Where the server does not know its own address, this page does.
      value={made.link ?? new URL(page + token, base).href}
      hint={t(`settings.people.mail.${mail}`, { email })}
    />
  );
}
