/** As a `ref`: as it appears, and not again with every word that is drawn. */
export function focusShown(element: HTMLElement | null): void {
  element?.focus();
}

/** To what is chosen of a criterion, else to its first choice. */
export function focusOn(within: HTMLElement | null, criterionId: string): void {
  const field = within?.querySelector<HTMLElement>(`[data-criterion="${CSS.escape(criterionId)}"]`);
  const input =
    field?.querySelector<HTMLElement>('input:checked') ?? field?.querySelector<HTMLElement>('input');
  input?.focus();
  field?.scrollIntoView({ block: 'nearest' });
}

/** To the first field of what stands at a place of a list, or of its last where it is shorter. */
export function focusAt(list: ArrayLike<Element> | undefined, place: number): void {
  if (list === undefined) return;
  list[Math.min(place, list.length - 1)]?.querySelector<HTMLElement>('input')?.focus();
}
