import { useTranslation } from 'react-i18next';
import { DoorField } from './Door.tsx';

/** Whose link it is: not to be changed, but what a password manager keeps the password under. */
export function OwnEmail({ email }: { email: string }) {
  const { t } = useTranslation();
  return (
    <DoorField
      label={t('signIn.email')}
      name="email"
      type="email"
      autoComplete="username"
      defaultValue={email}
      isFixed
    />
  );
}

export function NewPasswordField() {
  const { t } = useTranslation();
  return (
    <DoorField
      label={t('link.newPassword')}
      name="password"
      type="password"
      autoComplete="new-password"
      hint={t('link.passwordHint')}
      hasFocus
    />
  );
}
