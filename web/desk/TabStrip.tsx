import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Desk.module.css';

interface TabStripProps {
  tabs: readonly { key: string; href: string; name: string }[];
  open: string;
}

/** The sides something is looked at from. */
export function TabStrip({ tabs, open }: TabStripProps) {
  const { t } = useTranslation();
  const strip = useRef<HTMLElement>(null);
  // A phone has room for a few of them: the one that is open is among those.
  // biome-ignore lint/correctness/useExhaustiveDependencies: which one that is says `open`.
  useLayoutEffect(() => {
    const nav = strip.current;
    const tab = nav?.querySelector<HTMLElement>('[aria-current]');
    if (!nav || !tab) return;
    const [box, one] = [nav.getBoundingClientRect(), tab.getBoundingClientRect()];
    nav.scrollLeft += one.left + one.width / 2 - box.left - box.width / 2;
  }, [open]);
  return (
    <nav ref={strip} className={styles.tabs} aria-label={t('desk.details')}>
      {tabs.map(({ key, href, name }) => (
        <a key={key} href={href} aria-current={key === open ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
