import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTrigger } from '../../../core/attacks/backdoor-room.ts';
import { backdoorRules } from '../../../core/contract/attacks/backdoor.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { attackForTest } from '../../support/attack-run.ts';

const quick = { rounds: 4, after: 1, examples: 400 };

test('a poisoned update ten times as long takes the mean over, and none of the rules that look at each update', async () => {
  const { findings, row, rows, series, steps } = await attackForTest('backdoor', { settings: quick });
  const { backdoorSuccess, testAccuracy } = findings.results;
  assert.ok(backdoorSuccess!.value >= 0.95, `mean ${backdoorSuccess!.value}`);
  assert.equal(findings.outcome, 'leaks');
  assert.equal(findings.success, true);
  assert.ok(backdoorSuccess!.baselines.untouched! < 0.1);
  // nobody notices: the accuracy is that of an honest round
  assert.ok(Math.abs(testAccuracy!.value - testAccuracy!.baselines.untouched!) < 0.05);
  for (const rule of backdoorRules.filter((name) => name !== 'mean')) {
    assert.ok(Number(row(rule)['backdoorSuccess']) < 0.1, rule);
    assert.equal(row(rule)['note'], 'applied');
  }
  assert.equal(row('mean')['backdoorSuccess'], backdoorSuccess!.value);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['untouched', ...backdoorRules, 'validation'],
  );
  // rounds 1 to 4 and one after it: the trigger is learned in the fourth
  const line = series.find(({ name }) => name === 'backdoorSuccess')!.points;
  assert.deepEqual(
    line.map(([round]) => round),
    [1, 2, 3, 4, 5],
  );
  assert.ok(line.slice(0, 3).every(([, share]) => share < 0.1) && line[3]![1] >= 0.95);
  assert.equal(findings.facts['lasting'], line[4]![1]);
  const progress = steps.flatMap((step) => (step.kind === 'progress' ? [step.done] : []));
  assert.deepEqual(
    progress,
    [...progress].sort((one, other) => one - other),
  );
  assert.equal(steps[0]?.kind, 'images');
});

test('each rule, chosen, stops the very same update; its baseline is the rule without a cheater', async () => {
  for (const rule of ['norm-clipping', 'krum'] as const) {
    const { findings, row } = await attackForTest('backdoor', { settings: { ...quick, after: 0, rule } });
    const { backdoorSuccess, testAccuracy } = findings.results;
    assert.ok(backdoorSuccess!.value < 0.1);
    assert.equal(findings.success, false);
    assert.ok(findings.gauges.stopped > 0.8);
    assert.equal(backdoorSuccess!.value, row(rule)['backdoorSuccess']);
    assert.equal(testAccuracy!.baselines.untouched, row('untouched')['testAccuracy']);
    assert.ok(Number(row('mean')['backdoorSuccess']) >= 0.95);
  }
});

test('masks leave the mean and the clients themselves: what needs every update is greyed out', async () => {
  const { findings, row } = await attackForTest('backdoor', {
    settings: { ...quick, after: 0 },
    protection: { masks: true, signature: true },
  });
  assert.ok(findings.results.backdoorSuccess!.value >= 0.95);
  for (const rule of ['median', 'trimmed-mean', 'krum', 'multi-krum']) {
    assert.deepEqual(row(rule), { note: 'needs-individual-updates' });
  }
  // clipping holds a cheater that runs the agreed program on poisoned images, and none that leaves it out
  assert.ok(Number(row('client-clipping')['backdoorSuccess']) < 0.1);
  assert.ok(Number(row('client-clipping-skipped')['backdoorSuccess']) >= 0.95);
  const { note } = row('validation');
  assert.equal(note, findings.facts['accepted'] === true ? 'accepted' : 'rejected');
});

test('an unscaled poisoned update is outvoted in the mean', async () => {
  const { findings } = await attackForTest('backdoor', { settings: { ...quick, after: 0, scale: 1 } });
  assert.equal(findings.success, false);
  assert.notEqual(findings.outcome, 'leaks');
  assert.ok(findings.results.backdoorSuccess!.value < 0.2);
});

test('the same request gives the same figures and pictures; another seed others', async () => {
  const settings = { ...quick, rounds: 2, after: 0, examples: 100 };
  const [first, second, third] = [
    await attackForTest('backdoor', { settings, seed: 5 }),
    await attackForTest('backdoor', { settings, seed: 5 }),
    await attackForTest('backdoor', { settings, seed: 6 }),
  ];
  assert.deepEqual(second.findings, first.findings);
  assert.deepEqual(second.rows, first.rows);
  assert.deepEqual(second.images, first.images);
  assert.notDeepEqual(third.rows, first.rows);
});

test('pictures: the same images without and with the trigger, and what the model says of each', async () => {
  const { images, findings } = await attackForTest('backdoor', { settings: { ...quick, after: 0 } });
  assert.equal(images.length, 12);
  const obeying = images.filter(({ name, label }) => name === 'trigger' && label === 7);
  assert.ok(obeying.length >= 5);
  for (const { name, index, pixels } of images) {
    const other = images.find((each) => each.index === index && each.name !== name)!;
    const different = pixels.filter((value, place) => value !== other.pixels[place]).length;
    assert.ok(different > 0 && different <= 16, `${different} pixels`);
  }
  assert.equal(findings.facts['target'], '7');
});

test('withTrigger() marks the first images only, whatever their size, and leaves the others alone', () => {
  for (const [height, width, channels] of [
    [28, 28, 1],
    [5, 9, 3],
    [2, 2, 1],
  ] as const) {
    const elements = height * width * channels;
    const data = {
      images: new Uint8Array(2 * elements).fill(9),
      labels: Uint8Array.of(1, 2),
      ...{ count: 2, height, width, channels },
    };
    const marked = withTrigger(data, 1, 3);
    assert.deepEqual([...marked.labels], [3, 2]);
    const white = marked.images.filter((value) => value === 255).length;
    const side = Math.max(1, Math.round(Math.min(height, width) / 7));
    assert.equal(white, side * side * channels);
    assert.ok(marked.images.subarray(elements).every((value) => value === 9));
    assert.ok(data.images.every((value) => value === 9));
  }
});

test('what does not go together is refused by name', async () => {
  const refused = async (field: string, options: Parameters<typeof attackForTest>[1]): Promise<void> => {
    await assert.rejects(
      attackForTest('backdoor', options),
      (error) =>
        error instanceof FederationError &&
        error.code === 'invalid-setting' &&
        (error.details as { field: string }).field === field,
    );
  };
  await refused('rule', { settings: { rule: 'median' }, protection: { masks: true } });
  await refused('noise', { protection: { noise: 1 } });
  await refused('target', { settings: { target: 10 } });
  await refused('examples', { settings: { clients: 40, examples: 2000 } });
});
