/**
 * The frame of every report: one HTML page that needs nothing else: no network, no script, its typefaces inside. The
 * page's own policy allows exactly one style sheet, embedded fonts and embedded pictures, so that even markup smuggled in
 * through a name could load and run nothing; names are escaped besides. Light and dark follow the system, or three radio
 * buttons.
 */
import type { Language } from '../../renderer/messages/formats.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { mark } from './glyphs.ts';
import { type Markup, markup, type MarkupValue, trustedMarkup } from './markup.ts';
import { styleSheet } from './style.ts';

export interface Page {
  readonly language: Language;
  readonly title: string;
  /** Of the program that made what the page is about. */
  readonly version: string;
  readonly body: Markup;
}

export async function htmlPage({ language, title, version, body }: Page): Promise<string> {
  const whole = markup`<body>
${body}</body>`;
  const { css, policySource } = await styleSheet(whole.text);
  const policy = `default-src 'none'; style-src ${policySource}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Masquerade ${version}">
<title>${title}</title>
<style>${trustedMarkup(css)}</style>
</head>
${whole}
</html>
`.text;
}

/** Name, kind and moment on the left, the choice of colours on the right. */
export function pageHead(kind: MarkupValue, startedAt: string, { t, formats }: Texts): Markup {
  const themes = ['system', 'light', 'dark'] as const;
  return markup`<header class="masthead">
<span class="brand">${mark(40)}<span><b>Masquerade</b><span class="label">${kind}, <time datetime="${startedAt}">${formats.moment(startedAt)}</time></span></span></span>
<fieldset class="theme"><legend class="visually-hidden">${t('report.theme')}</legend>${themes.map(
    (theme) =>
      markup`<label><input type="radio" name="theme" id="theme-${theme}"${theme === 'system' ? markup` checked` : ''}><span>${t(`report.theme.${theme}`)}</span></label>`,
  )}</fieldset>
</header>
`;
}
