import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';

const styles = new URL('../../../renderer/styles/', import.meta.url);
const tokens = await readFile(new URL('tokens.css', styles), 'utf8');

/** Declarations of the first block that follows a marker. */
function block(marker: string): ReadonlyMap<string, string> {
  const start = tokens.indexOf('{', tokens.indexOf(marker));
  const text = tokens.slice(start, tokens.indexOf('}', start));
  return new Map(
    [...text.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function colour(value: string | undefined, theme: 'light' | 'dark'): string {
  const pair = /light-dark\((#\w{6}), (#\w{6})\)/.exec(value ?? '');
  return (theme === 'light' ? pair?.[1] : pair?.[2]) ?? value ?? '';
}

/** WCAG 2 relative luminance of #rrggbb. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const texts = ['--ink', '--ink-2', '--ink-3', '--gilt-ink', '--clear-ink', '--masked-ink', '--refused-ink'];

describe('tokens.css', () => {
  const normal = block('/* Light, paper and ink');
  const more = block('@media (prefers-contrast: more)');

  for (const theme of ['light', 'dark'] as const) {
    it(`has text of at least 4.5:1 on paper and on cards, ${theme}`, () => {
      for (const text of texts)
        for (const ground of ['--paper', '--surface'])
          assert.ok(
            contrast(colour(normal.get(text), theme), colour(normal.get(ground), theme)) >= 4.5,
            `${text} on ${ground}`,
          );
    });

    it(`has text of at least 4.5:1 on the wash of its family, ${theme}`, () => {
      for (const family of ['gilt', 'clear', 'masked', 'refused'])
        for (const text of [`--${family}-ink`, '--ink'])
          assert.ok(
            contrast(colour(normal.get(text), theme), colour(normal.get(`--${family}-wash`), theme)) >= 4.5,
            `${text} on ${family}`,
          );
    });

    it(`has text of at least 7:1 with more contrast, ${theme}`, () => {
      for (const text of texts)
        assert.ok(contrast(colour(more.get(text), theme), colour(more.get('--surface'), theme)) >= 7, text);
    });
  }

  it('says the same for the system’s wish for more contrast and for the setting', () => {
    const chosen = new Map(more);
    assert.ok(chosen.size > 30);
    assert.deepEqual(block(":root[data-contrast='more']"), chosen);
  });
});

describe('fonts.css', () => {
  it('names files that the packages have', async () => {
    const fonts = await readFile(new URL('fonts.css', styles), 'utf8');
    const paths = [...fonts.matchAll(/url\('([^']+)'\)/g)].map(([, path]) => path ?? '');
    assert.ok(paths.length >= 5);
    for (const path of paths)
      assert.ok((await readFile(createRequire(import.meta.url).resolve(path))).length > 1000);
  });
});
