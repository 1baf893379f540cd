import { ArrowLeft } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { i18n } from '../app/i18n.ts';
import { Agents } from './Agents.tsx';
import { createSettingsApi } from './api.ts';
import { Centre } from './Centre.tsx';
import en from './en.json' with { type: 'json' };
import { Queues } from './Queues.tsx';
import { Sectors } from './Sectors.tsx';
import styles from './Settings.module.css';

// The wall does not wait for words it never shows.
i18n.addResourceBundle('en', 'translation', en, true);

interface SettingsProps {
  /** Where the server is. */
  base: URL;
  token(afresh: boolean): Promise<string>;
  /** What the address asks for: `''` is the centre. */
  section: string;
}

const SECTIONS = ['', 'queues', 'agents', 'sectors'] as const;

/** What a tenant decides. Each field is saved by itself, and the walls take it up within a second. */
export function Settings({ base, token, section }: SettingsProps) {
  const { t } = useTranslation();
  const api = useMemo(() => createSettingsApi(base, token), [base, token]);
  const current = SECTIONS.find((known) => known === section) ?? '';
  return (
    <div className={styles.page}>
      <title>{`${t('app.settings')} · ${t('app.title')}`}</title>
      <header className={styles.header}>
        <a className={styles.back} href="#/" title={t('settings.back')}>
          <ArrowLeft aria-hidden="true" />
          <span className="visually-hidden">{t('settings.back')}</span>
        </a>
        <h1 className={styles.title}>{t('app.settings')}</h1>
        <nav className={styles.sections}>
          {SECTIONS.map((known) => (
            <a key={known} href={`#/settings/${known}`} aria-current={known === current ? 'page' : undefined}>
              {t(`settings.section.${known === '' ? 'centre' : known}`)}
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
      </main>
    </div>
  );
}
