import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackFindings } from '../../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { attackNames } from '../../../core/contract/attacks/names.ts';
import { casesOf, itemKey, suiteItems, type SuiteRun } from '../../../main/attacks/suite.ts';
import { spreadOf, summariseSuite } from '../../../main/attacks/suite-figures.ts';
import { suitePage } from '../../../main/attacks/suite-page.ts';
import { describeEnvironment } from '../../../main/simulation/workbench.ts';

const findings: AttackFindings = {
  results: { psnr: { value: 30, baselines: { black: 10, classMean: 13 } } },
  success: true,
  outcome: 'leaks',
  threshold: { metric: 'psnr', value: 25, side: 'above' },
  gauges: { stopped: 0, epsilon: null, delta: null },
  facts: {},
};

function runs(values: readonly number[]): readonly SuiteRun[] {
  const items = suiteItems(['closed-form'], values.length, true).filter((item) => item.case === 'none');
  return items.map((item, index) => ({
    ...item,
    version: '1',
    report: {
      ...findings,
      ...item,
      success: values[index]! > 25,
      outcome: values[index]! > 25 ? 'leaks' : 'stopped',
      results: { psnr: { value: values[index]!, baselines: { black: 10 + index } } },
      target: { kind: 'fresh', description: 'MNIST' },
      version: '1',
      startedAt: '2026-11-26T10:00:00.000Z',
      seconds: 1,
      engine: 'compiled',
      rows: [{ name: '8', cells: { recovered: values[index]! / 100, refused: index === 0, reason: 'x' } }],
    },
  }));
}

describe('suiteItems()', () => {
  it('has every switch and case of every attack for every seed, with settings that its schema takes', () => {
    const items = suiteItems(attackNames, 3, false);
    const expected = attackNames.reduce((sum, name) => sum + 3 * casesOf(attackCatalogue[name]).length, 0);
    assert.equal(items.length, expected);
    assert.equal(new Set(items.map(itemKey)).size, expected);
    for (const { attack, settings } of items)
      assert.deepEqual(attackCatalogue[attack].settings.parse(settings), settings);
  });

  it('has short settings where it must be quick', () => {
    const { quick } = attackCatalogue['two-stage'];
    assert.ok(Object.keys(quick).length > 0);
    for (const { settings } of suiteItems(['two-stage'], 1, true))
      assert.deepEqual({ ...settings, ...quick }, settings);
  });
});

describe('summariseSuite()', () => {
  it('has means, deviations of the sample, baselines, and how many succeeded', () => {
    const [summary] = summariseSuite(runs([20, 30, 40]));
    const [one] = summary!.cases;
    assert.deepEqual(one!.results.psnr, {
      mean: 30,
      deviation: 10,
      baselines: { black: { mean: 11, deviation: 1 } },
    });
    assert.deepEqual([one!.runs, one!.succeeded, one!.outcomes], [3, 2, { stopped: 1, leaks: 2 }]);
    const { recovered, refused, reason } = one!.rows[0]!.cells;
    assert.ok(typeof recovered === 'object' && Math.abs(recovered.mean - 0.3) < 1e-12);
    // one of three
    assert.ok(typeof refused === 'object' && Math.abs(refused.mean - 1 / 3) < 1e-12);
    assert.equal(reason, 'x');
  });

  it('counts failures, and measures nothing of them', () => {
    const [item] = runs([30]);
    const { report: _, ...rest } = item!;
    const [summary] = summariseSuite([{ ...rest, failed: 'Cannot train.' }]);
    assert.deepEqual(summary!.cases[0]!.failures, ['Cannot train.']);
    assert.deepEqual([summary!.cases[0]!.runs, summary!.cases[0]!.results], [0, {}]);
  });

  it('says of every comparison of the catalogue that it was not measured where its case has no runs', () => {
    for (const { attack, comparisons } of summariseSuite(runs([30]))) {
      const known = attackCatalogue[attack].comparisons ?? [];
      assert.equal(comparisons.length, known.length);
      for (const { switch: id, verdict } of comparisons)
        if (id !== 'none') assert.equal(verdict, 'not-measured');
    }
  });
});

describe('a comparison with a paper', () => {
  const [item] = suiteItems(['backdoor'], 1, true).filter((one) => one.case === 'mean');
  const of = (value: number): readonly SuiteRun[] => [
    {
      ...item!,
      version: '1',
      report: {
        ...findings,
        ...item!,
        results: { backdoorSuccess: { value, baselines: {} } },
        threshold: { metric: 'backdoorSuccess', value: 0.5, side: 'above' },
        target: { kind: 'fresh', description: 'MNIST' },
        version: '1',
        startedAt: '2026-11-26T10:00:00.000Z',
        seconds: 1,
        engine: 'compiled',
        rows: [],
      },
    },
  ];

  it('is measured and not judged, however far the figure is', () => {
    for (const value of [0, 1]) {
      const comparisons = summariseSuite(of(value))[0]!.comparisons.filter(({ kind }) => kind === 'unlike');
      assert.deepEqual(
        comparisons.map(({ measured, verdict }) => [measured?.mean, verdict]),
        [[value, 'unlike']],
      );
    }
  });

  it('stands on the page as another setting, and is no weakness', () => {
    const page = suitePage({
      attacks: summariseSuite(of(0)).map((summary) => ({ ...summary, cases: [] })),
      environment: describeEnvironment('1'),
      seeds: 1,
      quick: false,
      jobs: 1,
      command: 'masquerade attack suite',
      at: '2026-11-26T10:00:00.000Z',
    });
    const [, weaker] = page.split('### Where reality is weaker');
    assert.match(page, /\| 0\.0 % \| 100\.0 % \| Bagdasaryan [^|]* \| another setting \|/);
    assert.match(weaker!, /not at least 95\.0 % \(the aim\)/);
    assert.doesNotMatch(weaker!, /Bagdasaryan et al. 2020, abstract/);
  });
});

describe("the catalogue's comparisons", () => {
  it('give of every figure of a paper its place and setting, and judge nothing by it', () => {
    const all = attackNames.flatMap((name) => attackCatalogue[name].comparisons ?? []);
    const ofPapers = all.filter(({ source }) => /\b(19|20)\d\d\b/.test(source));
    assert.ok(ofPapers.length > 0);
    assert.deepEqual(
      ofPapers,
      all.filter(({ kind }) => kind === 'unlike'),
    );
    for (const { source } of ofPapers)
      assert.match(source, /^[A-Z][^:]* et al\. \d{4}, (abstract|(section|table) [\dIVX.]+)(, of [^:]+)?: ./);
  });

  it('name switches or cases that there are', () => {
    for (const name of attackNames) {
      const ids = casesOf(attackCatalogue[name]).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, name);
      for (const comparison of attackCatalogue[name].comparisons ?? [])
        assert.ok(ids.includes(comparison.switch), `${name} ${comparison.switch}`);
    }
  });
});

describe('spreadOf()', () => {
  it('has no deviation for one value', () => {
    assert.deepEqual(spreadOf([7]), { mean: 7, deviation: 0 });
    assert.deepEqual(spreadOf([1, 3]), { mean: 2, deviation: Math.SQRT2 });
  });
});
