/** Where mail goes out; null where this server sends none. */
export interface MailConfig {
  /** smtp://user:password@host:587 or smtps://…:465; holds a password. */
  smtpUrl: string;
  /** What stands in From. */
  from: string;
}

interface Environment {
  read(name: string): string | null;
  secret(name: string): string | null;
  mistake(text: string): void;
}

const ADDRESS = /^(?:[^<>@\r\n]{1,100} <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** SMTP_URL and MAIL_FROM: both or neither. Links in mails need PUBLIC_URL. */
export function readMailConfig(
  { read, secret, mistake }: Environment,
  publicUrl: string | null,
): MailConfig | null {
  const smtpUrl = secret('SMTP_URL');
  const from = read('MAIL_FROM');
  if (smtpUrl === null) {
    if (from !== null && read('SMTP_URL_FILE') === null) {
      mistake('MAIL_FROM is set without SMTP_URL: set both, or neither for a server that sends no mail');
    }
    return null;
  }
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    // Never the value itself: it holds a password.
    mistake('SMTP_URL is not the address of a mail server: write smtp://user:password@host:587');
  }
  if (from === null) {
    mistake('SMTP_URL is set without MAIL_FROM: write from whom, e.g. Callboard <callboard@example.com>');
  } else if (!ADDRESS.test(from)) {
    mistake(`MAIL_FROM is "${from}": write an address, e.g. Callboard <callboard@example.com>`);
  }
  if (publicUrl === null && read('PUBLIC_URL') === null) {
    mistake('SMTP_URL is set without PUBLIC_URL: write where people reach this server, for links in mails');
  }
  return { smtpUrl, from: from ?? '' };
}

/** PUBLIC_URL, without a slash at its end; its path is BASE_PATH, or links would miss the page. */
export function readPublicUrl({ read, mistake }: Environment, basePath: string): string | null {
  const value = read('PUBLIC_URL');
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    mistake(`PUBLIC_URL is "${value}": write an address, e.g. https://wall.example.com${basePath}`);
    return null;
  }
  if (url.pathname.replace(/\/+$/, '') === basePath) return url.origin + basePath;
  mistake(
    `PUBLIC_URL is "${value}", but pages are served under "${basePath || '/'}": write ${url.origin}${basePath}, or change BASE_PATH`,
  );
  return null;
}
