import { Component, type ReactNode } from 'react';
import styles from './App.module.css';
import { i18n } from './i18n.ts';

/** The last resort: says what failed instead of an empty page. Tiles have boundaries of their own. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className={styles.blank} role="alert">
        <div>
          <h1>{i18n.t('app.brokenTitle')}</h1>
          <p>{i18n.t('app.brokenRemedy')}</p>
          <p>{error.message}</p>
        </div>
      </main>
    );
  }
}
