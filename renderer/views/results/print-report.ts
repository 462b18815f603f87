/**
 * Prints a report from a browser: into a frame of this page, as a page of its own would be under this page's policy,
 * which allows neither its style sheet nor its embedded typefaces. The sheet is adopted as an object instead, and the
 * typefaces are this page's own, which are the same.
 */

/** Longer than a print dialog stays open, most often; the frame is of no further use then, ms. */
const keptMs = 600_000;

export async function printReport(html: string): Promise<void> {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const frame = document.createElement('iframe');
  frame.className = 'visually-hidden';
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  document.body.append(frame);
  const [view, page] = [frame.contentWindow, frame.contentDocument];
  if (view === null || page === null) {
    frame.remove();
    return;
  }
  const css = [
    ...ownFaces(),
    ...[...parsed.querySelectorAll('style')].map((style) => withoutFaces(style.textContent)),
  ];
  const Sheet = (view as Window & typeof globalThis).CSSStyleSheet;
  const sheet = new Sheet();
  await sheet.replace(css.join('\n'));
  page.title = parsed.title;
  page.documentElement.lang = parsed.documentElement.lang;
  page.body.replaceWith(page.adoptNode(parsed.body));
  page.adoptedStyleSheets = [sheet];
  await page.fonts.ready;
  view.addEventListener('afterprint', () => {
    frame.remove();
  });
  setTimeout(() => {
    frame.remove();
  }, keptMs);
  view.focus();
  view.print();
}

/** This page's typefaces, by addresses that also hold within the frame. */
function ownFaces(): string[] {
  return [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules]
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .map((rule) =>
        rule.cssText.replace(
          /url\("([^"]+)"\)/g,
          (_, address: string) => `url("${new URL(address, sheet.href ?? document.baseURI).href}")`,
        ),
      ),
  );
}

function withoutFaces(css: string): string {
  return css.replace(/@font-face \{[^}]*\}/g, '');
}
