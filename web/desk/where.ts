import { createContext, use } from 'react';
import { addressOf, type View } from './view.ts';

/** Where a view is found: what pages share (days, tables) leads to the page it stands on. */
export const AddressContext = createContext<(view: View) => string>(addressOf);

export function useAddressOf(): (view: View) => string {
  return use(AddressContext);
}
