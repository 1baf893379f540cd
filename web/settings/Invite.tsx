import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { INVITATION_PAGE } from '../../shared/contract/links.ts';
import type { MadeInvitation } from '../../shared/contract/people.ts';
import { isHeldToSectors, type Role } from '../../shared/contract/permissions.ts';
import type { SectorSetting } from '../../shared/contract/settingsRest.ts';
import own from './Access.module.css';
import type { RestApi } from './api.ts';
import { LinkShown } from './LinkShown.tsx';
import { SectorChoice } from './SectorChoice.tsx';
import styles from './Settings.module.css';
import { useAttempt } from './useAttempt.ts';
import { useRoleOptions } from './useRoleOptions.ts';

interface InviteProps {
  api: RestApi;
  base: URL;
  sectors: readonly SectorSetting[];
  onMade(): void;
}

/** One more person: who, as what, for which sectors. */
export function Invite({ api, base, sectors, onMade }: InviteProps) {
  const { t } = useTranslation();
  const roles = useRoleOptions();
  const [role, setRole] = useState<Role>('supervisor');
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const { problem, attempt } = useAttempt();
  const isHeld = isHeldToSectors(role);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const body = {
      email: String(fields.get('email')).trim(),
      name: String(fields.get('name')).trim(),
      role,
      sectors: isHeld ? (chosen ?? []) : [],
    };
    const worked = await attempt(async () => setMade(await api.add<MadeInvitation>('/invitations', body)));
    if (!worked) return;
    form.reset();
    setChosen(null);
    onMade();
  };

  return (
    <section className={styles.group}>
      <h2>{t('settings.people.invite')}</h2>
      {made && (
        <LinkShown made={made} page={INVITATION_PAGE} base={base} name={made.name} email={made.email} />
      )}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          <span>{t('settings.people.name')}</span>
          <input name="name" autoComplete="off" maxLength={100} required />
        </label>
        <label>
          <span>{t('settings.people.email')}</span>
          <input name="email" type="email" autoComplete="off" required />
        </label>
        <label>
          <span>{t('settings.people.as')}</span>
          {/* One of ROLES: there are no other options. */}
          <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {roles.map(({ value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p className={own.hint}>{t(`settings.people.may.${role}`)}</p>
        {isHeld && sectors.length !== 1 && (
          <SectorChoice
            legend={t('settings.held.title')}
            sectors={sectors}
            chosen={chosen}
            onChange={setChosen}
          />
        )}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button
          type="submit"
          className={styles.button}
          data-kind="main"
          // None would be saved as all.
          disabled={isHeld && chosen?.length === 0}
        >
          {t('settings.people.make')}
        </button>
      </form>
    </section>
  );
}
