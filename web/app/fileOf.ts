/** An answer as a file, by the name the server gives it. */
export async function fileOf(answer: Response, usual = 'file'): Promise<{ name: string; content: Blob }> {
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  return { name: name ?? usual, content: await answer.blob() };
}
