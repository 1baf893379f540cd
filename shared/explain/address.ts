/** An address that explains figures, its blanks filled: `{metric}` with the name of one, the others from the row it stands in. */
export function filledAddress(template: string, metric: string, row: object = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(name === 'metric' ? metric : Reflect.get(row, name))),
  );
}
