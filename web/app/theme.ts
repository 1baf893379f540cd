import { useSyncExternalStore } from 'react';

/** Dark or light: the system's choice until a person makes one, which this browser then remembers. */
export type Theme = 'dark' | 'light';

const KEY = 'callboard.theme';
const prefersLight = matchMedia('(prefers-color-scheme: light)');
const listeners = new Set<() => void>();

function chosen(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null; // Storage is forbidden: the system's choice it is.
  }
}

function current(): Theme {
  return chosen() ?? (prefersLight.matches ? 'light' : 'dark');
}

export function applyTheme(): void {
  const theme = chosen();
  if (theme === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
  applyTheme();
  for (const listener of listeners) listener();
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  prefersLight.addEventListener('change', onChange);
  return () => {
    listeners.delete(onChange);
    prefersLight.removeEventListener('change', onChange);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current);
}
