import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RESET_PAGE } from '../../shared/contract/links.ts';
import type { MadeLink, PersonOfTenant } from '../../shared/contract/people.ts';
import { isHeldToSectors } from '../../shared/contract/permissions.ts';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import { formatDate, formatDateTime } from '../ui/format.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { Confirmed } from './Confirmed.tsx';
import { HeldTo } from './HeldTo.tsx';
import { LinkShown } from './LinkShown.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useRoleOptions } from './useRoleOptions.ts';

interface PersonProps {
  api: RestApi;
  base: URL;
  of: PersonOfTenant;
  sectors: readonly SectorSetting[];
  /** Rejects where it could not be saved. */
  change(body: object): Promise<void>;
  remove(): Promise<void>;
}

/** One person, and all that can be decided about them. */
export function Person({ api, base, of, sectors, change, remove }: PersonProps) {
  const { t } = useTranslation();
  const roles = useRoleOptions();
  const [made, setMade] = useState<MadeLink | null>(null);
  const { problem, attempt } = useAttempt();
  const { id, email, name, role, since, lastSeenAt, isSelf } = of;
  const facts = [
    email,
    t('settings.people.since', { date: formatDate(Date.parse(since)) }),
    lastSeenAt === null
      ? t('settings.people.notSeen')
      : t('settings.people.seen', { time: formatDateTime(Date.parse(lastSeenAt)) }),
  ];
  const makeLink = (): Promise<boolean> =>
    attempt(async () => setMade(await api.add<MadeLink>(`/${id}/password-reset`, {})));

  return (
    <li className={own.person}>
      <div>
        <p className={own.rowName}>{isSelf ? t('settings.people.self', { name }) : name}</p>
        <p className={own.hint}>{facts.join(' · ')}</p>
      </div>
      <div className={own.decide}>
        <SavedField
          isLabelHidden
          label={t('settings.people.roleOf', { name })}
          options={roles}
          value={role}
          save={(chosen) => change({ role: chosen })}
        />
        {isHeldToSectors(role) && (
          <HeldTo
            name={name}
            held={of.sectors}
            sectors={sectors}
            save={(chosen) => change({ sectors: chosen })}
          />
        )}
        <div className={own.actions}>
          <button
            type="button"
            className={styles.button}
            aria-label={t('settings.people.resetNamed', { name })}
            title={t('settings.people.resetHint')}
            onClick={() => void makeLink()}
          >
            {t('settings.people.reset')}
          </button>
          <Confirmed words="settings.people" name={name} act={remove} />
        </div>
      </div>
      {made && <LinkShown made={made} page={RESET_PAGE} base={base} name={name} email={email} />}
      <p className={styles.problem} role="alert">
        {problem}
      </p>
    </li>
  );
}
