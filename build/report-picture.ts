/**
 * `node build/report-picture.ts DIR`: the README's picture and table of a run, from what `compare --out DIR` left. The
 * picture, docs/report.png, is the top of DIR/report.html in a light theme, 1,200 pixels wide, down to the end of its
 * results; the table goes to standard output as Markdown. Needs Chromium (CHROMIUM, or Debian's). The same report,
 * browser and system give the same picture.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { ComparisonResult } from '../core/contract/run-result.ts';
import { parseResultJson } from '../main/report/result-file.ts';
import { textsOf } from '../renderer/messages/translate.ts';

const picture = fileURLToPath(new URL('../docs/report.png', import.meta.url));
const width = 1200;
/** Below the results, so that their card ends inside the picture, px. */
const margin = 10;

async function takePicture(page: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    // Chromium's sandbox does not start for root
    args: [...(isRoot ? ['--no-sandbox'] : []), '--force-color-profile=srgb', '--hide-scrollbars'],
  });
  try {
    const tab = await browser.newPage({
      viewport: { width, height: 800 },
      deviceScaleFactor: 1,
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await tab.goto(pathToFileURL(page).href);
    await tab.evaluate('document.fonts.ready');
    const results = await tab.locator('#results').boundingBox();
    if (results === null) throw new Error(`${page} has no results to show`);
    const height = Math.ceil(results.y + results.height) + margin;
    await tab.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width, height } });
  } finally {
    await browser.close();
  }
}

function tableOf({ rows, simulation }: ComparisonResult): string {
  const { t, formats } = textsOf('en', 'terminal');
  const { settings } = simulation;
  const names = {
    centralised: 'all the data in one place',
    'single-client': 'one client alone',
    federated: `${settings.clients} clients, every update masked and signed`,
  } as const;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['trained on', 'images', 'accuracy', 'weighted F1', 'time']),
    line(['---', '---:', '---:', '---:', '---:']),
    ...rows.map(({ name, examples, accuracy, f1Weighted, seconds }) =>
      line([
        names[name],
        formats.number(examples),
        formats.score(accuracy),
        formats.score(f1Weighted),
        formats.duration(seconds),
      ]),
    ),
    '',
    `${simulation.environment.processor}, ${simulation.environment.cores} cores, ${formats.moment(simulation.startedAt)}, seed ${settings.seed}; ${t('terminal.model').toLowerCase()} ${simulation.final.modelSha256}`,
  ].join('\n');
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say which folder: node build/report-picture.ts DIR');
const json = join(resolve(folder), 'report.json');
const result = parseResultJson(await readFile(json, 'utf8'), json);
if (result.kind !== 'comparison') throw new Error(`${json} is not a comparison`);
await takePicture(join(resolve(folder), 'report.html'));
process.stdout.write(`${tableOf(result)}\n`);
process.stderr.write(`${picture}\n`);
