/**
 * The report's one style sheet: the tokens of the interface, the report's own rules, and those typefaces whose
 * characters the page uses, embedded, as nothing may come from a network.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface StyleSheet {
  readonly css: string;
  /** The source expression that lets exactly this sheet through a content security policy. */
  readonly policySource: string;
}

/** From the project's folder, so that they are found where this file is part of a bundle too. */
const sheets = [
  'renderer/styles/fonts.css',
  'renderer/styles/tokens.css',
  'main/report/report.css',
  'main/report/attacks/attacks.css',
];

export async function styleSheet(pageText: string): Promise<StyleSheet> {
  const [fonts, ...rules] = await Promise.all(
    sheets.map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')),
  );
  const faces = await embeddedFaces(fonts ?? '', pageText);
  const css = withoutComments([...faces, ...rules].join('\n'));
  return { css, policySource: `'sha256-${createHash('sha256').update(css, 'utf8').digest('base64')}'` };
}

async function embeddedFaces(fonts: string, pageText: string): Promise<readonly string[]> {
  const used = new Set(Array.from(pageText, (character) => character.codePointAt(0) ?? 0));
  const faces = fonts.match(/@font-face \{[^}]*\}/g) ?? [];
  return Promise.all(faces.filter((face) => covers(face, used)).map(embed));
}

/** Whether the face's unicode-range has a character of the page. */
function covers(face: string, used: ReadonlySet<number>): boolean {
  const ranges = [...face.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)];
  return ranges.some(([, first = '', last = first]) => {
    const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    return [...used].some((codePoint) => codePoint >= from && codePoint <= to);
  });
}

async function embed(face: string): Promise<string> {
  const [whole, path] = /url\('([^']+)'\)/.exec(face) ?? [];
  if (whole === undefined || path === undefined) return face;
  const file = await readFile(require.resolve(path));
  return face.replace(whole, `url(data:font/woff2;base64,${file.toString('base64')})`);
}

function withoutComments(css: string): string {
  return css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\n\s*\n+/g, '\n')
    .trim();
}
