import { ChartColumn, LogOut, Moon, Settings, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLive, useSecond, useTrouble } from '../live/hooks.ts';
import { formatTime } from '../ui/format.ts';
import { Mark } from '../ui/Mark.tsx';
import { CentreMenu } from './CentreMenu.tsx';
import styles from './Header.module.css';
import { chooseTheme, useTheme } from './theme.ts';

interface HeaderProps {
  tenant: { id: string; name: string };
  /** What there is to switch to, this one among them. */
  tenants: readonly { id: string; name: string }[];
  /** The part of it that is looked at, by name; null: all of it. */
  sectors: readonly string[] | null;
  /** Whether there is a past to look at for whoever this is. */
  mayLookBack: boolean;
  switchTo(tenantId: string): Promise<void>;
  signOut(): Promise<void>;
}

/** One line: whose board and which part of it, what is wrong with it if anything, the time. */
export function Header({ tenant, tenants, sectors, mayLookBack, switchTo, signOut }: HeaderProps) {
  const { t } = useTranslation();
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const themeLabel = t(other === 'light' ? 'app.themeToLight' : 'app.themeToDark');
  return (
    <header className={styles.header}>
      <h1 className={styles.name}>
        {tenants.length > 1 ? (
          <CentreMenu tenant={tenant} tenants={tenants} switchTo={switchTo} />
        ) : (
          tenant.name
        )}
      </h1>
      <Part sectors={sectors} />
      <TroubleLine />
      <div className={styles.tools}>
        <Clock />
        {mayLookBack && (
          <a className={styles.button} href="#/overview" title={t('app.overview')}>
            <ChartColumn aria-hidden="true" />
            <span className="visually-hidden">{t('app.overview')}</span>
          </a>
        )}
        <a className={styles.button} href="#/settings" title={t('app.settings')}>
          <Settings aria-hidden="true" />
          <span className="visually-hidden">{t('app.settings')}</span>
        </a>
        <button type="button" className={styles.button} title={themeLabel} onClick={() => chooseTheme(other)}>
          {other === 'light' ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
          <span className="visually-hidden">{themeLabel}</span>
        </button>
        <button
          type="button"
          className={styles.button}
          title={t('app.signOut')}
          // Away from the server nobody can be signed out: the page stays, and the header already says why.
          onClick={() => void signOut().catch(() => {})}
        >
          <LogOut aria-hidden="true" />
          <span className="visually-hidden">{t('app.signOut')}</span>
        </button>
      </div>
    </header>
  );
}

/** Only while something is wrong, and what. */
/** Which part of the centre the figures are of; nothing where it is all of it. */
export function Part({ sectors }: { sectors: readonly string[] | null }) {
  const { t, i18n } = useTranslation();
  if (sectors === null) return null;
  const list = new Intl.ListFormat(i18n.language, { type: 'unit', style: 'short' });
  return <p className={styles.part}>{sectors.length > 0 ? list.format(sectors) : t('app.noSector')}</p>;
}

export function TroubleLine() {
  const { t } = useTranslation();
  const { timeZone } = useLive();
  const trouble = useTrouble();
  return (
    <p className={styles.trouble} role="status">
      {trouble && (
        <span className={styles.pill} data-kind={trouble.kind}>
          <Mark shape={trouble.kind === 'catchingUp' ? 'half' : 'square'} />{' '}
          {t(`trouble.${trouble.kind}`, { ...trouble })}{' '}
          {t('trouble.since', { time: formatTime(trouble.since, timeZone) })}
        </span>
      )}
    </p>
  );
}

/** The server's time, in the centre's zone. */
export function Clock() {
  const { timeZone } = useLive();
  const now = useSecond();
  return (
    <time className={styles.clock} dateTime={new Date(now).toISOString()}>
      {formatTime(now, timeZone, true)}
    </time>
  );
}
