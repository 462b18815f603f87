/** Attacks as a page, a table and a sheet: what is in them, and that nothing of them can become markup. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHTML } from 'linkedom';
import { PNG } from 'pngjs';
import { contactSheet } from '../../../../main/attacks/contact-sheet.ts';
import { attacksCsv } from '../../../../main/report/attacks/csv.ts';
import { renderAttacks } from '../../../../main/report/attacks/document.ts';
import { baselineNames } from '../../../../core/contract/attacks/names.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { wordingOf } from '../../../../renderer/wording/attacks/wordings.ts';
import { sampleAttack } from '../../attacks/sample-report.ts';

const report = sampleAttack();
const masked = sampleAttack({
  protection: { signature: true, masks: true, noise: 0 },
  seed: 2,
  images: report.images.map((image) => ({ ...image, masked: image.role === 'rebuilt' })),
});

async function page(
  ...args: Parameters<typeof renderAttacks>
): Promise<{ html: string; document: Document }> {
  const html = await renderAttacks(...args);
  return { html: html.replace(/<style>[^]*<\/style>/, ''), document: parseHTML(html).document };
}

function texts(root: ParentNode, selector: string): readonly string[] {
  return [...root.querySelectorAll(selector)].map((element) =>
    element.textContent.replaceAll(/\s+/g, ' ').trim(),
  );
}

describe('renderAttacks()', () => {
  it('has a section for each attack with its verdict, its figures beside their baselines, and its attacker', async () => {
    const { document } = await page([report, masked], 'en');
    const sections = [...document.querySelectorAll('section.attack')];
    assert.deepEqual(
      sections.map(({ id }) => id),
      ['attack-1', 'attack-2'],
    );
    assert.deepEqual(
      [...document.querySelectorAll('.contents a')].map((link) => link.getAttribute('href')),
      ['#attack-1', '#attack-2'],
    );
    const [first] = sections as [Element];
    const { sentence } = wordingOf('closed-form').verdict(report, textsOf('en'));
    assert.equal(texts(first, '.answer')[0], sentence.replaceAll(/\s+/g, ' '));
    const figures = texts(first, '.scroll:not(:has(.pictures)) tbody tr');
    assert.match(figures.join('\n'), /50 ?%.*Nearest other: 0 ?%/);
    assert.match(figures.join('\n'), /33\.3 dB.*All black: 9\.8 dB/);
    for (const row of figures.slice(0, 2)) assert.match(row, /: /);
    assert.equal(texts(first, '.attacker dd').length, 5);
    assert.match(texts(first, '.provenance')[0] ?? '', /compiled \(relaxed SIMD\)/);
  });

  it('shows every picture with a name, masked ones as such, and loads nothing', async () => {
    const { html, document } = await page([masked], 'en');
    const pictures = [...document.querySelectorAll('img')];
    assert.equal(pictures.length, masked.images.length);
    for (const picture of pictures) {
      assert.ok((picture.getAttribute('alt') ?? '').length > 3);
      const source = picture.getAttribute('src') ?? '';
      assert.ok(source.startsWith('data:image/png;base64,'));
      const { width, height } = PNG.sync.read(Buffer.from(source.split(',')[1] ?? '', 'base64'));
      assert.deepEqual([width, height], [28, 28]);
    }
    assert.equal(document.querySelectorAll('img.masked').length, 2);
    assert.doesNotMatch(html, /(src|href)="(?!data:|#)/);
  });

  it('lets no name become markup', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
    const { html, document } = await page(
      [
        sampleAttack({
          target: { kind: 'fresh', description: hostile },
          engine: hostile,
          images: report.images.map((image) => ({ ...image, name: hostile })),
          rows: [{ name: hostile, cells: { [hostile]: hostile } }],
          series: [{ ...report.series[0]!, name: hostile }],
        }),
      ],
      'en',
    );
    assert.equal(document.querySelectorAll('script').length, 0);
    assert.equal(document.querySelectorAll('[onerror]').length, 0);
    assert.doesNotMatch(html, /<script/);
  });

  it('is French in French, with French numbers', async () => {
    const { document } = await page([report, masked], 'fr');
    assert.equal(document.documentElement.getAttribute('lang'), 'fr');
    const { textContent } = document.body;
    assert.match(textContent, /33,3.dB/);
    assert.doesNotMatch(textContent, /Without an attack|The attacker|Would every/);
  });

  it('shows so many private images, and says how many more there are', async () => {
    const many = Array.from({ length: 14 }, (_, index) => ({
      ...report.images[0]!,
      id: `target-${index}`,
      index,
    }));
    const { document } = await page([sampleAttack({ images: many })], 'en');
    assert.equal(document.querySelectorAll('img').length, 10);
    assert.match(document.body.textContent, /4 more private images/);
  });
});

describe('attacksCsv()', () => {
  it('has a line for each figure of each run, with its baselines', () => {
    const [heading, ...lines] = attacksCsv([report, masked]).trimEnd().split('\r\n');
    const columns = heading!.split(',');
    for (const name of ['run', 'attack', 'metric', 'value', 'threshold', ...baselineNames])
      assert.ok(columns.includes(name), name);
    assert.equal(lines.length, 4);
    // settings are JSON, with commas in quotation marks
    const cells = lines[1]!.replace(/"(?:[^"]|"")*"/, 'settings').split(',');
    assert.equal(cells.length, columns.length);
    const of = (name: string): string | undefined => cells[columns.indexOf(name)];
    assert.deepEqual(['run', 'metric', 'value', 'black', 'classMean', 'globalMean', 'threshold'].map(of), [
      '1',
      'psnr',
      '33.25',
      '9.75',
      '13',
      '',
      '',
    ]);
    assert.match(lines[0]!, /,recovered,0\.5,0\.1,0\.9,.*,0\.9,above$/);
  });
});

describe('contactSheet()', () => {
  it('has every picture somewhere, enlarged by whole pixels', () => {
    const [image] = report.images;
    const bright = sampleAttack({
      images: [
        { ...image!, pixels: new Uint8Array(784).fill(7) },
        {
          ...image!,
          id: 'other',
          role: 'rebuilt',
          name: 'rebuilt',
          value: 20,
          pixels: new Uint8Array(784).fill(201),
        },
      ],
    });
    const { data, width, height } = PNG.sync.read(
      Buffer.from(contactSheet([bright], textsOf('en', 'terminal'))),
    );
    const count = (grey: number): number =>
      Array.from({ length: width * height }, (_, at) => data[4 * at]).filter((value) => value === grey)
        .length;
    assert.deepEqual([count(7), count(201)], [84 * 84, 84 * 84]);
  });

  it('has more bands, not more columns, where there are many private images', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...report.images[0]!,
      id: String(index),
      index,
    }));
    const sheet = (count: number) =>
      PNG.sync.read(
        Buffer.from(
          contactSheet([sampleAttack({ images: many.slice(0, count) })], textsOf('en', 'terminal')),
        ),
      );
    const [twelve, thirty] = [sheet(12), sheet(30)];
    assert.equal(thirty.width, twelve.width);
    assert.ok(thirty.height > 2 * twelve.height);
  });
});
