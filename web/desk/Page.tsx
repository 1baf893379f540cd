import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '../app/address.ts';
import { Part } from '../app/Header.tsx';
import styles from './Page.module.css';
import { Places } from './Places.tsx';

/** Whose figures these are. */
export interface Place {
  tenant: string;
  sectors: readonly string[] | null;
}

interface PageProps extends Place {
  title: string;
  /** Where the arrow leads, and what that is called. */
  back: { href: string; name: string };
  children: ReactNode;
}

/** What the pages of the desk share: one line above, one column below. */
export function Page({ title, tenant, sectors, back, children }: PageProps) {
  const { t } = useTranslation();
  return (
    // Of which address it is, for whoever has to know that it is no longer the page before.
    <div className={styles.page} data-address={useAddress()}>
      <title>{`${title} · ${tenant} · ${t('app.title')}`}</title>
      <header className={styles.header}>
        <a className={styles.back} href={back.href} title={back.name}>
          <ArrowLeft aria-hidden="true" />
          <span className="visually-hidden">{back.name}</span>
        </a>
        <p className={styles.name}>{title}</p>
        <p className={styles.tenant}>{tenant}</p>
        <Part sectors={sectors} />
        <Places />
      </header>
      <main className={styles.content}>{children}</main>
    </div>
  );
}
