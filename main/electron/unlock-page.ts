/**
 * The page that asks for the passphrase at the start: made here, in the interface's own style, without a script of its
 * own (unlock-preload.ts acts).
 */
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { AUTHORITY, type MadePage, SCHEME } from './protocol.ts';

export const UNLOCK_PATH = '/shell/unlock';
export const UNLOCK_PAGE = `${SCHEME}://${AUTHORITY}${UNLOCK_PATH}`;

/** What it adds to the interface's style sheet; the path is the page's, the file that of the application. */
export const unlockStyle = { path: '/shell/unlock.css', file: 'main/electron/unlock.css' } as const;

/** index: the interface's first page, which names its style sheets. */
export function unlockPage(language: Language, index: string): MadePage {
  const { t } = textsOf(language);
  const sheets = [...index.matchAll(/<link [^>]*href="\.(\/assets\/[\w.-]+\.css)"/g)].map(
    ([, path = '']) => path,
  );
  return {
    policy:
      "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'",
    html: `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light dark" />
    <title>Masquerade</title>
    ${[...sheets, unlockStyle.path].map((path) => `<link rel="stylesheet" href="${path}" />`).join('\n    ')}
  </head>
  <body>
    <form>
      <main class="question">
        <img src="/icon.svg" alt="" />
        <h1><label for="passphrase">${escape(t('desktop.unlock'))}</label></h1>
        <p class="quiet">${escape(t('desktop.unlock.why'))}</p>
        <input id="passphrase" type="password" autocomplete="current-password" autofocus required
          maxlength="1024" aria-describedby="problem" />
        <p id="problem" role="alert" class="text-refused"></p>
      </main>
      <div class="actions">
        <button class="button primary" type="submit">${escape(t('desktop.unlock.open'))}</button>
      </div>
    </form>
  </body>
</html>
`,
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
