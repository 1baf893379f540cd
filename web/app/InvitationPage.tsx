import { useTranslation } from 'react-i18next';
import type { LookedAtInvitation } from '../../shared/contract/people.ts';
import { Door, DoorField } from './Door.tsx';
import { LinkNotice } from './LinkNotice.tsx';
import { NewPasswordField, OwnEmail } from './linkFields.tsx';
import { linkProblem } from './linkProblem.ts';
import type { Sessions } from './session.ts';
import { useLink } from './useLink.ts';

interface InvitationPageProps {
  base: URL;
  token: string;
  accept: Sessions['accept'];
}

/** Whoever has no account makes one; an account there is has to be proved with its password. */
export function InvitationPage({ base, token, accept }: InvitationPageProps) {
  const { t } = useTranslation();
  const { link, again } = useLink<LookedAtInvitation>(base, 'invitations/look', token);
  if (link.name !== 'found') return <LinkNotice state={link.name} again={again} />;
  const { tenant, email, name, role, hasAccount } = link.value;

  const work = async (fields: FormData): Promise<void> => {
    const password = String(fields.get('password'));
    await accept({ token, password, ...(!hasAccount && { name: String(fields.get('name')).trim() }) });
    location.replace('#/');
  };

  return (
    <>
      <title>{`${tenant} · ${t('app.title')}`}</title>
      <Door
        title={tenant}
        lead={t(hasAccount ? 'link.joinKnown' : 'link.join', { role: t(`link.role.${role}`) })}
        submit={t('link.accept')}
        busy={t('link.accepting')}
        work={work}
        explain={linkProblem}
      >
        <OwnEmail email={email} />
        {!hasAccount && (
          <DoorField label={t('link.name')} name="name" autoComplete="name" defaultValue={name} />
        )}
        {hasAccount ? (
          <DoorField
            label={t('signIn.password')}
            name="password"
            type="password"
            autoComplete="current-password"
            hasFocus
          />
        ) : (
          <NewPasswordField />
        )}
      </Door>
    </>
  );
}
