import { ArrowLeft } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../../shared/contract/permissions.ts';
import { useAddress } from '../app/address.ts';
import { i18n } from '../app/i18n.ts';
import { Account } from './Account.tsx';
import { Agents } from './Agents.tsx';
import { Audit } from './Audit.tsx';
import { createRestApi } from './api.ts';
import { Centre } from './Centre.tsx';
import { Centres } from './Centres.tsx';
import en from './en.json' with { type: 'json' };
import { Keys } from './Keys.tsx';
import { People } from './People.tsx';
import { Queues } from './Queues.tsx';
import { Screens } from './Screens.tsx';
import { Sectors } from './Sectors.tsx';
import styles from './Settings.module.css';

// The wall does not wait for words it never shows.
i18n.addResourceBundle('en', 'translation', en, true);

interface SettingsProps {
  /** Where the server is. */
  base: URL;
  token(afresh: boolean): Promise<string>;
  /** What the address asks for: `''` is the first there is. */
  section: string;
  /** Where the centre is. */
  timeZone: string;
  may(permission: Permission): boolean;
}

/** What there is to decide, and what it takes to. */
const SECTIONS = [
  ['', 'settings:manage'],
  ['queues', 'settings:manage'],
  ['agents', 'settings:manage'],
  ['sectors', 'settings:manage'],
  ['people', 'people:manage'],
  ['screens', 'screens:manage'],
  ['keys', 'keys:manage'],
  ['audit', 'audit:read'],
  ['centres', 'platform:manage'],
  ['account', 'account:own'],
] as const;

/** What a tenant decides, and everybody for himself. Each field is saved by itself; walls take it up within a second. */
export function Settings({ base, token, section, timeZone, may }: SettingsProps) {
  const { t } = useTranslation();
  const api = useMemo(() => createRestApi(base, token, 'settings'), [base, token]);
  const own = useMemo(() => createRestApi(base, token, 'account'), [base, token]);
  const keys = useMemo(() => createRestApi(base, token, 'api-keys'), [base, token]);
  const people = useMemo(() => createRestApi(base, token, 'people'), [base, token]);
  const screens = useMemo(() => createRestApi(base, token, 'screens'), [base, token]);
  const audit = useMemo(() => createRestApi(base, token, 'audit'), [base, token]);
  const centres = useMemo(() => createRestApi(base, token, 'platform/tenants'), [base, token]);
  const sections = SECTIONS.filter(([, permission]) => may(permission)).map(([known]) => known);
  const current = sections.find((known) => known === section) ?? sections[0];
  const nameOf = (known: string | undefined): string => t(`settings.section.${known || 'centre'}`);
  return (
    <div className={styles.page} data-address={useAddress()}>
      <title>{`${nameOf(current)} · ${t('app.settings')} · ${t('app.title')}`}</title>
      <header className={styles.header}>
        <a className={styles.back} href="#/" title={t('settings.back')}>
          <ArrowLeft aria-hidden="true" />
          <span className="visually-hidden">{t('settings.back')}</span>
        </a>
        <h1 className={styles.title}>{t('app.settings')}</h1>
        <nav className={styles.sections}>
          {sections.map((known) => (
            <a key={known} href={`#/settings/${known}`} aria-current={known === current ? 'page' : undefined}>
              {nameOf(known)}
            </a>
          ))}
        </nav>
      </header>
      <main className={styles.content} key={current}>
        {current === '' && (
          // The session carries the tenant's name and zone: another one has the new ones.
          <Centre api={api} onRenamed={() => void token(true).catch(() => {})} />
        )}
        {current === 'queues' && <Queues api={api} />}
        {current === 'agents' && <Agents api={api} />}
        {current === 'sectors' && <Sectors api={api} />}
        {current === 'people' && (
          // Another token says what is left to see here, or that nothing is.
          <People
            api={people}
            settings={api}
            base={base}
            onSelfChanged={() => void token(true).catch(() => {})}
          />
        )}
        {current === 'screens' && <Screens api={screens} place={`${base.host}${base.pathname}tv`} />}
        {current === 'keys' && <Keys api={keys} />}
        {current === 'audit' && <Audit api={audit} timeZone={timeZone} />}
        {current === 'centres' && (
          // The session lists what there is to switch to.
          <Centres api={centres} base={base} onChanged={() => void token(true).catch(() => {})} />
        )}
        {current === 'account' && (
          // Another token is not to be had: the page learns that it is signed out.
          <Account api={own} onSignedOut={() => void token(true).catch(() => {})} />
        )}
      </main>
    </div>
  );
}
