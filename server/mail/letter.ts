/** What is mailed, as plain text and as HTML of the same words. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

interface Words {
  subject: string;
  /** Paragraphs above the link. */
  before: string[];
  link: { label: string; url: string };
  /** Paragraphs below it. */
  after: string[];
}

const INK = '#1b1f24';
const QUIET = '#57606a';
const ACCENT = '#0b5fb0';

/** Mail programs know no style sheets, so the little there is stands on each element. Every word is escaped [S70]. */
export function letterOf({ subject, before, link, after }: Words): Letter {
  const paragraph = (words: string, ink: string): string =>
    `<p style="margin:0 0 16px;color:${ink}">${escapeHtml(words)}</p>`;
  const html = [
    '<!doctype html><html lang="en"><body style="margin:0;padding:32px 16px">',
    '<div style="max-width:32rem;margin:0 auto;font:16px/1.5 system-ui,sans-serif">',
    ...before.map((words) => paragraph(words, INK)),
    `<p style="margin:24px 0"><a href="${escapeHtml(link.url)}" style="display:inline-block;padding:12px 20px;`,
    `border-radius:6px;background:${ACCENT};color:#ffffff;font-weight:600;text-decoration:none">`,
    `${escapeHtml(link.label)}</a></p>`,
    ...after.map((words) => paragraph(words, QUIET)),
    '</div></body></html>',
  ];
  const text = [...before, `${link.label}: ${link.url}`, ...after].join('\n\n');
  return { subject, text: `${text}\n`, html: html.join('') };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
