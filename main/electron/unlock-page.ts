/** The page that asks for the passphrase at the start: made here, without a script of its own (unlock-preload.ts acts). */
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { AUTHORITY, type MadePage, SCHEME } from './protocol.ts';

export const UNLOCK_PATH = '/shell/unlock';
export const UNLOCK_PAGE = `${SCHEME}://${AUTHORITY}${UNLOCK_PATH}`;
/** Style sheets that the page names; the same files as the interface's. */
export const unlockStyles = {
  '/shell/tokens.css': 'renderer/styles/tokens.css',
  '/shell/components.css': 'renderer/styles/components.css',
} as const;

export function unlockPage(language: Language): MadePage {
  const { t } = textsOf(language);
  return {
    policy: "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    html: `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light dark" />
    <title>Masquerade</title>
    ${Object.keys(unlockStyles)
      .map((path) => `<link rel="stylesheet" href="${path}" />`)
      .join('\n    ')}
  </head>
  <body>
    <main>
      <form class="card">
        <div class="body stack">
          <h1><label for="passphrase">${escape(t('desktop.unlock'))}</label></h1>
          <p class="quiet">${escape(t('desktop.unlock.why'))}</p>
          <input id="passphrase" class="input" type="password" autofocus required maxlength="1024" />
          <p role="alert" class="text-refused"></p>
          <button class="button primary" type="submit">${escape(t('desktop.unlock.open'))}</button>
        </div>
      </form>
    </main>
  </body>
</html>
`,
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
