/** To what is chosen of a criterion, else to its first choice. */
export function focusOn(within: HTMLElement | null, criterionId: string): void {
  const field = within?.querySelector<HTMLElement>(`[data-criterion="${CSS.escape(criterionId)}"]`);
  const input =
    field?.querySelector<HTMLElement>('input:checked') ?? field?.querySelector<HTMLElement>('input');
  input?.focus();
  field?.scrollIntoView({ block: 'nearest' });
}
