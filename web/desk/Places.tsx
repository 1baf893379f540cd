import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../../shared/contract/permissions.ts';
import { useAddress } from '../app/address.ts';
import { useDesk } from './desk.ts';
import styles from './Places.module.css';

/** The pages of the desk, and what each takes. */
const PLACES = [
  ['overview', 'analytics:read'],
  ['performance', 'analytics:read'],
  ['quality', 'quality:read'],
  ['sources', 'analytics:read'],
  ['proof', 'analytics:read'],
  ['rules', 'settings:manage'],
] as const satisfies readonly (readonly [string, Permission])[];

/** Where else to go at a desk; pages somebody may not see are not named. */
export function Places() {
  const { t } = useTranslation();
  const { may } = useDesk();
  const nav = useRef<HTMLElement>(null);
  const here = useAddress().split(/[/?]/)[0];
  // On a phone not all of them have room: the one somebody is at is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is in another place.
  useLayoutEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (current) nav.current?.scrollTo({ left: current.offsetLeft - current.offsetWidth });
  }, [here]);
  return (
    <nav ref={nav} className={styles.places} aria-label={t('desk.places.name')}>
      {PLACES.filter(([, permission]) => may(permission)).map(([place]) => (
        <a key={place} href={`#/${place}`} aria-current={place === here ? 'page' : undefined}>
          {t(`desk.places.${place}`)}
        </a>
      ))}
    </nav>
  );
}
