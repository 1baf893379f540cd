import { useTranslation } from 'react-i18next';
import { ROLES, type Role } from '../../shared/contract/permissions.ts';

/** The roles to choose from, the one with the most rights first. */
export function useRoleOptions(): { value: Role; name: string }[] {
  const { t } = useTranslation();
  return ROLES.map((role) => ({ value: role, name: t(`settings.people.role.${role}`) }));
}
