/** What holds on every screen: nothing that axe finds, no error on the console, nothing of a peer's as markup. */
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { type Machine, shell } from './interface-machines.ts';

/** No violation that axe-core finds; `what`: for the message. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // the usual way opens a page of its own, which Electron cannot
    .setLegacyMode(shell === 'electron')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 4)
        .map(({ target, failureSummary }) => `  ${target.join(' ')}\n    ${failureSummary ?? ''}`)
        .join('\n')}`,
  );
  assert.deepEqual(found, [], `${what}:\n${found.join('\n')}`);
}

/** The page has said nothing on its console that it should not. */
export function assertQuiet(machine: Machine): void {
  assert.deepEqual(machine.problems, [], `${machine.name}: errors on the console`);
}

/** The window as a whole does not scroll: parts of it do. */
export async function assertNoScroll(page: Page, what: string): Promise<void> {
  const sizes = await page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return { wide: scrollWidth - clientWidth, high: scrollHeight - clientHeight };
  });
  assert.deepEqual(sizes, { wide: 0, high: 0 }, `${what}: the window scrolls`);
}

/** What somebody else calls themselves has made no element, whatever it looks like. */
export async function assertNoMarkup(page: Page): Promise<void> {
  const made = await page.evaluate(
    () => document.querySelectorAll('img[src="x"], script:not([src]), [onerror], b.smuggled, iframe').length,
  );
  assert.equal(made, 0, 'a peer’s text was rendered as markup');
}
