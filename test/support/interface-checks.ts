/** What holds on every screen: nothing that axe finds, no error on the console, nothing of a peer's as markup. */
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Machine } from './interface-machines.ts';

/**
 * What axe-core finds on a page, in words; nothing: []. A page reads it once, and tells no more than violations: a look
 * costs a fifth of what it would otherwise.
 */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const has = await Promise.all(page.frames().map((frame) => frame.evaluate(() => 'axe' in globalThis)));
  const { violations } = await new AxeBuilder({ page, ...(!has.includes(false) && { axeSource: ';' }) })
    // the usual way opens a page more for each look, for the sake of frames of other origins: there are none
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 4)
        .map(({ target, failureSummary }) => `  ${target.join(' ')}\n    ${failureSummary ?? ''}`)
        .join('\n')}`,
  );
}

/** No violation that axe-core finds; `what`: for the message. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  const found = await violationsOf(page);
  assert.deepEqual(found, [], `${what}:\n${found.join('\n')}`);
}

/** Looks at screens on the way, so that one with a violation does not hide those that come after it. */
export class Inspection {
  readonly #found: string[] = [];

  async look(page: Page, what: string): Promise<void> {
    for (const violation of await violationsOf(page)) this.#found.push(`${what}: ${violation}`);
    const markup = await markupOf(page);
    if (markup > 0) this.#found.push(`${what}: a peer’s text was rendered as markup`);
    const { wide, high } = await overflowOf(page);
    if (wide > 0 || high > 0) this.#found.push(`${what}: the window scrolls, by ${wide} x ${high} px`);
  }

  assertNothingFound(): void {
    assert.deepEqual(this.#found, [], this.#found.join('\n\n'));
  }
}

/** The page has said nothing on its console that it should not. */
export function assertQuiet(machine: Machine): void {
  assert.deepEqual(machine.problems, [], `${machine.name}: errors on the console`);
}

/** The window as a whole does not scroll: parts of it do. */
export async function assertNoScroll(page: Page, what: string): Promise<void> {
  assert.deepEqual(await overflowOf(page), { wide: 0, high: 0 }, `${what}: the window scrolls`);
}

function overflowOf(page: Page): Promise<{ readonly wide: number; readonly high: number }> {
  return page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return { wide: scrollWidth - clientWidth, high: scrollHeight - clientHeight };
  });
}

/** What somebody else calls themselves has made no element, whatever it looks like. */
export async function assertNoMarkup(page: Page): Promise<void> {
  assert.equal(await markupOf(page), 0, 'a peer’s text was rendered as markup');
}

function markupOf(page: Page): Promise<number> {
  return page.evaluate(
    () => document.querySelectorAll('img[src="x"], [onerror], b.smuggled, script:not([src])').length,
  );
}
