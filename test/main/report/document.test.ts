import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseHTML } from 'linkedom';
import type { RunResult } from '../../../core/contract/run-result.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { renderReport } from '../../../main/report/document.ts';
import { en } from '../../../renderer/messages/en.ts';
import { formatsOf, type Language } from '../../../renderer/messages/formats.ts';
import { sampleComparison, sampleNoised, sampleSimulation } from './sample-results.ts';

const files = { csv: 'report.csv', json: 'report.json' };

interface Page {
  readonly html: string;
  /** Without the style sheet and the typefaces in it. */
  readonly content: string;
  readonly document: Document;
}

async function page(result: RunResult, language: Language = 'en'): Promise<Page> {
  const html = await renderReport(result, { language, files });
  return { html, content: html.replace(/<style>[^]*<\/style>/, ''), document: parseHTML(html).document };
}

function texts(root: ParentNode | null, selector: string): readonly string[] {
  return [...(root?.querySelectorAll(selector) ?? [])].map((element) =>
    element.textContent.replaceAll(/\s+/g, ' ').trim(),
  );
}

const hostileNames = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'+alert(1)+'",
  '&lt;b&gt;',
  '<i>x</i>',
  '</text><i>',
  'javascript:alert(1)',
];

describe('renderReport()', () => {
  it('states the finding as the only first heading, and each card under its own', async () => {
    const { document } = await page(sampleComparison());
    assert.equal(texts(document, 'h1').length, 1);
    assert.match(texts(document, 'h1')[0] ?? '', /^Twenty clients with 5 % each come within 1\.3 points/);
    const cards = [...document.querySelectorAll('main > section')];
    assert.deepEqual(
      cards.map((card) => card.id),
      [
        'results',
        'curves',
        'rounds',
        'events',
        'confusion',
        'costs',
        'protections',
        'settings',
        'provenance',
      ],
    );
    for (const card of cards)
      assert.equal(card.getAttribute('aria-labelledby'), card.querySelector('h2')?.id);
  });

  it('shows the scores of the result beside the reference values', async () => {
    const result = sampleComparison();
    const { document } = await page(result);
    const rows = [...document.querySelectorAll('#results tbody tr')];
    assert.deepEqual(
      rows.map((row) => texts(row, '.big')),
      result.rows.map((row) => [row.accuracy.toFixed(4), row.f1Weighted.toFixed(4)]),
    );
    assert.deepEqual(texts(document, '#results .axis .label'), [
      'reference 0.9916',
      'reference 0.9576',
      'reference 0.9786',
    ]);
  });

  it('leaves the reference values out for any other experiment', async () => {
    const { document } = await page(sampleComparison({ settings: { rounds: 7 } }));
    assert.deepEqual(texts(document, '#results .axis .label'), []);
  });

  it('gives the curves as numbers too', async () => {
    const result = sampleComparison();
    const { document } = await page(result);
    assert.equal(document.querySelectorAll('#curves figure svg[role=img][aria-label]').length, 3);
    const lines = [...document.querySelectorAll('#curves tbody tr')].map((row) => texts(row, 'td'));
    const score = (row: number, round: number): string =>
      result.rows[row]?.curve[round]?.accuracy.toFixed(4) ?? '';
    assert.deepEqual(
      lines.map((cells) => cells.slice(0, 3)),
      [0, 1, 2, 3, 4].map((round) => [0, 1, 2].map((row) => score(row, round))),
    );
  });

  it('shows who answered, the verdict on the sum and the error beside its bound', async () => {
    const { document } = await page(sampleSimulation({ settings: { clients: 30, drop: 0.1 } }));
    const cells = texts(document.querySelector('#rounds tbody tr:nth-child(2)'), 'th, td');
    assert.deepEqual(cells.slice(0, 9), ['2', '1', '30', '30', '27', '27', '3', '1', 'exact']);
    assert.match(cells[9] ?? '', /^3\.\d\d × 10−6$/);
    assert.equal(cells[10], '9.16 × 10−6');
  });

  it('sums time and traffic up by phase', async () => {
    const { document } = await page(sampleSimulation());
    assert.deepEqual(texts(document, '#costs .bars tfoot tr > *'), [
      'A round',
      '39.5 ms',
      '78.1 ms',
      '640 kB',
      '988 kB',
    ]);
    assert.match(
      texts(document, '#costs .sentence')[0] ?? '',
      /sends 0\.66 times the model in 32-bit floats \(966 kB\)/,
    );
  });

  it('marks the settings that differ from the default and repeats the command', async () => {
    const { document } = await page(
      sampleSimulation({ settings: { clients: 30, dataset: "it's mine", masks: false } }),
    );
    assert.deepEqual(texts(document, '#settings .differs dt'), ['Clients', 'Data', 'Masks']);
    assert.equal(
      texts(document, '#settings code')[0],
      "masquerade simulate --clients 30 --dataset 'it'\\''s mine' --masks off",
    );
    assert.equal(
      document.querySelectorAll('#settings dt').length,
      Object.keys(runSettingsSchema.shape).length,
    );
  });

  it('names versions, machine, seed, hashes and the licence of the data', async () => {
    const result = sampleSimulation({ settings: { seed: 4_000_000_000 } });
    const { document } = await page(result);
    const text = document.querySelector('#provenance')?.textContent ?? '';
    for (const expected of [
      result.final.modelSha256,
      result.dataset.digest,
      result.environment.processor,
      'relaxed SIMD',
      '4000000000',
      result.environment.node,
    ])
      assert.ok(text.includes(expected), expected);
    assert.match(texts(document, 'footer')[0] ?? '', /Yann LeCun and Corinna Cortes, licence CC BY-SA 3\.0/);
    const other = await page(
      sampleSimulation({ settings: { dataset: './letters' }, datasetName: 'letters' }),
    );
    assert.doesNotMatch(texts(other.document, 'footer')[0] ?? '', /LeCun/);
  });

  it('warns when a protection was off, a sum was wrong, values were clipped, or the run ended early', async () => {
    const banners = async (result: RunResult): Promise<string> =>
      texts((await page(result)).document, '.banner b').join(' ');
    assert.equal(await banners(sampleSimulation()), '');
    assert.equal(
      await banners(sampleSimulation({ settings: { masks: false, signatures: false } })),
      'The masks were off. The signatures were off.',
    );
    assert.equal(
      await banners(sampleSimulation({ roundsDone: 1, ended: 'cancelled' })),
      'This is a partial result.',
    );
    const sample = sampleSimulation();
    const change = (fields: object): RunResult => ({
      ...sample,
      rounds: sample.rounds.map((round) => ({ ...round, ...fields })),
    });
    assert.equal(await banners(change({ exactSum: false })), 'The sums are not exact.');
    assert.equal(await banners(change({ clippedRate: 0.01 })), 'Updates were clipped.');
    const noised = sampleNoised();
    const underNoise = (noiseNorm: number): RunResult => ({
      ...noised,
      rounds: noised.rounds.map((round) => ({ ...round, privacy: { ...round.privacy!, noiseNorm } })),
    });
    // in each of 241,546 numbers, in clipping norms, over the root of the rounds: 0.011 and 0.036
    assert.equal(await banners(noised), '');
    assert.equal(await banners(underNoise(20)), 'There was too much noise to learn from.');
  });

  it('tells of noise in every round, whose it is, and not what nobody told', async () => {
    for (const [language, told] of [
      [
        'en',
        /^Epsilon at delta 1e-5: .* Every client adds its part .* \(distributed noise\): .* the noise of 8 survivors/,
      ],
      ['fr', /^Epsilon pour delta 1e-5 : .* \(bruit réparti\) : .* le bruit de 8 présents/],
    ] as const) {
      const { content, document } = await page(sampleNoised(), language);
      assert.doesNotMatch(content, /NaN|Infinity|undefined|null/);
      const captions = texts(document, '#rounds .label').map((text) => text.replaceAll(/\s/g, ' '));
      assert.ok(
        captions.some((text) => told.test(text)),
        captions.join('\n'),
      );
      const cells = texts(document, '#rounds tbody tr:first-child td');
      // two decimals, never less than it is
      assert.ok(cells.includes(language === 'en' ? '24.24' : '24,24'), cells.join(' '));
    }
  });

  it('makes a page of a run without a single round', async () => {
    for (const result of [
      sampleSimulation({ roundsDone: 0, ended: 'round-burnt' }),
      sampleComparison({ roundsDone: 0, ended: 'cancelled' }),
    ]) {
      const { content, document } = await page(result);
      assert.doesNotMatch(content, /NaN|Infinity|undefined/);
      assert.match(texts(document, 'h1')[0] ?? '', /there is no federated result/);
    }
  });

  it('tells what happened in a round that left no result', async () => {
    const event = { round: 3, attempt: 1, phase: 'unmask', detail: {} };
    const { document } = await page({
      ...sampleSimulation({ roundsDone: 2, ended: 'below-threshold' }),
      events: [
        { ...event, kind: 'dropped', client: 4 },
        { ...event, kind: 'dropped', client: 5 },
        { ...event, kind: 'aborted', detail: { reason: 'below-threshold' } },
      ],
    });
    assert.deepEqual(texts(document, '.stories h3'), ['Round 3']);
    assert.match(texts(document, '.stories p')[0] ?? '', /^One attempt was aborted; 2 clients left\.$/);
    assert.match(texts(document, '.stories .label')[0] ?? '', /^Who left: 4, 5\.$/);
    assert.equal(document.querySelectorAll('.stories tbody tr').length, 3);
  });

  it('stays readable with 500 clients and 20 rounds, and says how much it leaves out', async () => {
    const result = sampleSimulation({ settings: { clients: 500, rounds: 20, drop: 0.1 } });
    const { html, document } = await page(result);
    assert.ok(html.length < 1_000_000);
    assert.equal(document.querySelectorAll('.stories > li').length, 20);
    const unusual = result.events.filter((event) =>
      ['dropped', 'recovered', 'refused'].includes(event.kind),
    ).length;
    const shown = document.querySelectorAll('.stories tbody tr').length;
    const left = texts(document, '.stories .label')
      .map((text) => /^and (\d+) more in the JSON file$/.exec(text)?.[1])
      .reduce((sum, count) => sum + Number(count ?? 0), 0);
    assert.equal(shown + left, unusual);
  });

  it('shows the first and last of very many rounds', async () => {
    const { html, document } = await page(sampleSimulation({ settings: { rounds: 300 } }));
    assert.equal(document.querySelectorAll('#rounds tbody tr').length, 40);
    assert.match(html, /260 more rounds are in the CSV file/);
  });

  for (const classes of [1, 2, 47, 80])
    it(`pictures or lists the errors of ${classes} classes`, async () => {
      const classNames = Array.from({ length: classes }, (_, index) => `a class named ${index}`);
      const { content, document } = await page(sampleSimulation({ classNames, roundsDone: 1 }));
      assert.doesNotMatch(content, /NaN|Infinity|undefined/);
      assert.equal(document.querySelectorAll('#confusion figure svg').length, classes > 60 ? 0 : 1);
      assert.equal(document.querySelectorAll('#confusion tbody tr').length, classes);
    });
});

describe('a report from hostile names', () => {
  const result = {
    ...sampleSimulation({
      classNames: hostileNames,
      datasetName: hostileNames[0] ?? '',
      modelName: hostileNames[1] ?? '',
      settings: { dataset: hostileNames[0] ?? '', model: hostileNames[1] ?? '', drop: 0.1 },
      roundsDone: 2,
      ended: hostileNames[1] ?? '',
    }),
  };
  const hostile: RunResult = {
    ...result,
    environment: { ...result.environment, processor: hostileNames[1] ?? '', masquerade: '"><script>' },
    events: [
      {
        round: 1,
        attempt: 1,
        phase: '<svg onload=alert(1)>',
        client: 1,
        kind: 'refused',
        detail: { '<b>': '<i>' },
      },
    ],
  };

  it('has no element, attribute or link that came from a name', async () => {
    const { content, document } = await page(hostile);
    assert.equal(
      document.querySelectorAll('script, img, iframe, object, embed, link, base, form, a, b b, i').length,
      0,
    );
    for (const element of document.querySelectorAll('*'))
      for (const { name, value } of element.attributes) {
        assert.doesNotMatch(name, /^on|^style$|^href$|^src$|^srcset$/, `${element.tagName} ${name}=${value}`);
      }
    assert.doesNotMatch(content, /<script|<img|<svg onload/i);
  });

  it('still shows the names, as text', async () => {
    const { document } = await page(hostile);
    assert.deepEqual(texts(document, '#confusion .compact tbody th'), hostileNames);
  });
});

describe('a report on its own', () => {
  it('names no address, and its policy allows its one style sheet and embedded fonts only', async () => {
    const { html, document } = await page(sampleComparison());
    const withoutFonts = html.replaceAll(/base64,[^)]*/g, '').replaceAll('http://www.w3.org/2000/svg', '');
    assert.doesNotMatch(withoutFonts, /https?:|\/\/[a-z]|@import/i);
    for (const [, target] of html.matchAll(/url\(["']?([^"')]{0,40})/g)) assert.match(target ?? '', /^data:/);
    const style = [...document.querySelectorAll('style')];
    assert.equal(style.length, 1);
    const css = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? '';
    const policy =
      document.querySelector('meta[http-equiv=Content-Security-Policy]')?.getAttribute('content') ?? '';
    assert.ok(policy.startsWith("default-src 'none'; "));
    assert.ok(policy.includes(`style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`));
    assert.doesNotMatch(policy, /unsafe|\*|script-src/);
  });

  it('embeds only typefaces whose characters it uses', async () => {
    const faces = async (datasetName: string): Promise<number> =>
      (await page(sampleSimulation({ datasetName }))).html.match(/@font-face/g)?.length ?? 0;
    assert.equal(await faces('MNIST'), 3);
    assert.equal(await faces('Łódź'), 5);
    assert.equal(await faces('σ'), 4);
  });

  it('captions every table, names every picture, labels every scrolling region', async () => {
    const { document } = await page(sampleSimulation({ settings: { drop: 0.1 } }));
    for (const table of document.querySelectorAll('table')) {
      assert.notEqual(table.querySelector('caption')?.textContent.trim() ?? '', '');
      for (const header of table.querySelectorAll('th'))
        assert.match(header.getAttribute('scope') ?? '', /^(row|col)$/);
    }
    for (const picture of document.querySelectorAll('svg'))
      assert.ok(
        picture.getAttribute('aria-hidden') === 'true' ||
          (picture.getAttribute('role') === 'img' && (picture.getAttribute('aria-label') ?? '') !== ''),
      );
    for (const region of document.querySelectorAll('.scroll'))
      assert.notEqual(region.getAttribute('aria-label') ?? '', '');
  });
});

describe('a report in French', () => {
  it('has French numbers and narrow no-break spaces before double punctuation', async () => {
    const result = sampleComparison({ settings: { drop: 0.1, rounds: 4 } });
    const { html, document } = await page(result, 'fr');
    assert.equal(document.documentElement.lang, 'fr');
    const text = [...document.querySelectorAll('h1, h2, h3, p, caption, figcaption, li, summary, dt')]
      .map((element) => element.textContent)
      .join('\n');
    assert.doesNotMatch(text, /[^\s\u202f\d][;!?%]|[^\s\u202f\d]:(?!\d)| [:;!?%]/);
    assert.match(html, new RegExp(formatsOf('fr').score(result.rows[0]?.accuracy ?? 0)));
    assert.doesNotMatch(document.querySelector('#results')?.textContent ?? '', /\d\.\d/);
  });

  it('leaves no English sentence in the page', async () => {
    const { content } = await page(
      sampleSimulation({ settings: { drop: 0.1 }, ended: 'cancelled', roundsDone: 3 }),
      'fr',
    );
    const sentences = Object.values(en)
      .flatMap((message) => (typeof message === 'string' ? [message] : [message.one, message.other]))
      .flatMap((message) => message.split(/\{[\w-]+\}/))
      .filter(
        (part) =>
          part.length > 14 && part.includes(' ') && !part.includes('SHA-256') && !part.includes('Atkinson'),
      );
    for (const sentence of sentences) assert.ok(!content.includes(sentence), sentence);
  });
});
