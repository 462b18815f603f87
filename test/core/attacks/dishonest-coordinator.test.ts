import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDeadLayer } from '../../../core/attacks/dishonest/dead-layer.ts';
import { brightnessQuantiles, neighbourDifferences } from '../../../core/attacks/dishonest/imprint.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { attackForTest } from '../../support/attack-run.ts';

const always = { masks: true, signature: true };
/** 32 images of four clients: of such a small crowd an honest model's sum gives some away, too. */
const small = { clients: 4, batch: 8, bins: 256 };
/** 64 images. */
const crowd = { clients: 8, batch: 8, bins: 512 };

test('imprint: most images of all clients come back from an exact masked sum, next to none without the layer', async () => {
  const { findings, row, images } = await attackForTest('dishonest-coordinator', {
    settings: crowd,
    protection: always,
  });
  const { recovered, psnr } = findings.results;
  assert.ok(recovered!.value >= 0.7, `recovered ${recovered!.value}`);
  assert.ok(recovered!.baselines.untouched! < recovered!.value / 2);
  assert.ok(psnr!.value >= 25);
  assert.equal(findings.outcome, 'leaks');
  assert.equal(findings.facts['images'], 64);
  assert.equal(row('unchecked')['outcome'], 'accepted');
  // the first 32 have a column
  const shown = images.filter(({ role }) => role === 'rebuilt');
  assert.equal(shown.length, 32);
  const came = shown.filter(({ value }) => value! >= 25).length;
  assert.ok(came >= 0.6 * 32 && came <= Number(findings.facts['came']));
});

test('inconsistency: masks cancel, the sum is exact, and in the dead layer it is the victim to the last bit', async () => {
  const { findings, row } = await attackForTest('dishonest-coordinator', {
    settings: { ...crowd, variant: 'inconsistency' },
    protection: always,
  });
  assert.equal(findings.facts['victimsOwn'], 1);
  assert.ok(findings.results.recovered!.value >= 0.75);
  assert.ok(findings.results.recovered!.baselines.untouched! < 0.5);
  assert.equal(findings.facts['images'], 8);
  assert.equal(row('unchecked')['outcome'], 'accepted');
});

test('real clients refuse a layer that was not agreed to, each way, by name; nothing comes back', async () => {
  const { findings, row, rows } = await attackForTest('dishonest-coordinator', {
    settings: { ...small, checked: true },
    protection: always,
  });
  const expected = {
    'layer-added': 'too-large',
    'layer-disguised': 'model-differs',
    'layer-planned': 'parameters-differ',
  };
  assert.equal(rows.length, 3);
  for (const [name, code] of Object.entries(expected)) {
    const { outcome, code: found, refusers, phase } = row(name);
    assert.deepEqual([outcome, found, refusers], ['refused', code, 4], name);
    assert.equal(phase, 'advertise-keys');
  }
  assert.equal(findings.facts['refused'], true);
  assert.equal(findings.facts['code'], 'too-large');
  assert.equal(findings.results.recovered!.value, 0);
  assert.equal(findings.outcome, 'stopped');
});

test('real clients refuse different models for different people, each way, by name', async () => {
  const { findings, row } = await attackForTest('dishonest-coordinator', {
    settings: { ...small, variant: 'inconsistency', checked: true },
    protection: always,
  });
  const said = (name: string): unknown[] => [row(name)['outcome'], row(name)['code'], row(name)['refusers']];
  // all but the victim, whose weights have the announced hash
  assert.deepEqual(said('one-hash'), ['refused', 'model-differs', 3]);
  assert.deepEqual(said('hash-each'), ['refused', 'context-differs', 4]);
  assert.deepEqual(said('kept-apart'), ['refused', 'below-threshold', 1]);
  assert.equal(findings.outcome, 'stopped');
  assert.equal(findings.gauges.stopped, 1);
});

test('without masks no key is bound to the model: the check sees nothing, and the victim is read', async () => {
  const { findings, row } = await attackForTest('dishonest-coordinator', {
    settings: { ...small, variant: 'inconsistency', checked: true },
    protection: { signature: true },
  });
  assert.equal(row('hash-each')['outcome'], 'accepted');
  assert.equal(findings.facts['refused'], false);
  assert.equal(findings.facts['victimsOwn'], 1);
});

test('weights set up to leak within the agreed architecture are accepted; noise is what remains', async () => {
  const request = { settings: { ...small, variant: 'weights', checked: true } };
  const { findings, row } = await attackForTest('dishonest-coordinator', { ...request, protection: always });
  assert.equal(row('trap-weights')['outcome'], 'accepted');
  assert.ok(findings.results.recovered!.value >= 0.7);
  assert.equal(findings.outcome, 'leaks');
  const noisy = await attackForTest('dishonest-coordinator', {
    ...request,
    protection: { ...always, noise: 0.03 },
  });
  assert.equal(noisy.findings.results.recovered!.value, 0);
  assert.equal(noisy.findings.success, false);
  // this attack stopped, and next to nothing is guaranteed
  assert.ok(noisy.findings.gauges.epsilon! > 100);
});

test('the same request gives the same pictures and figures', async () => {
  const request = { settings: { clients: 3, batch: 2, bins: 64 }, protection: always, seed: 9 };
  const [first, second] = [
    await attackForTest('dishonest-coordinator', request),
    await attackForTest('dishonest-coordinator', request),
  ];
  assert.deepEqual(second.findings, first.findings);
  assert.deepEqual(second.images, first.images);
  assert.deepEqual(second.rows, first.rows);
});

test('neighbourDifferences() leaves each unit what fires it and not its brighter neighbour', () => {
  const weights = Float64Array.of(7, 8, 5, 5, 1, 2);
  const difference = neighbourDifferences({ units: 3, inputs: 2, weights, biases: Float64Array.of(6, 3, 1) });
  assert.deepEqual([...difference.weights], [2, 3, 4, 3, 1, 2]);
  assert.deepEqual([...difference.biases], [3, 2, 1]);
});

test('brightnessQuantiles() part the images into shares of the same size', () => {
  const stream = randomStream(1, 'images');
  const images = Uint8Array.from({ length: 400 * 4 }, () => stream.nextBelow(256));
  const labels = new Uint8Array(400);
  const data = { images, labels, count: 400, height: 2, width: 2, channels: 1 };
  const quantiles = brightnessQuantiles(data, 8);
  const shares = [...quantiles].map((low, unit) => {
    const high = quantiles[unit + 1] ?? Number.POSITIVE_INFINITY;
    let count = 0;
    for (let index = 0; index < 400; index += 1) {
      const bright = images.subarray(4 * index, 4 * index + 4).reduce((sum, value) => sum + value, 0) / 1020;
      if (bright >= low && bright < high) count += 1;
    }
    return count;
  });
  // ties in brightness move a few
  for (const share of shares) assert.ok(Math.abs(share - 50) <= 8, `${share}`);
});

test('withDeadLayer() keeps every unit of the layer asleep, whatever the image', () => {
  const place = { layer: 'dense', kernelAt: 0, biasAt: 12, inputs: 4, units: 3 };
  const stream = randomStream(2, 'weights');
  const weights = Float32Array.from({ length: 20 }, () => 4 * stream.nextFloat() - 2);
  const dead = withDeadLayer(weights, place);
  for (let corner = 0; corner < 16; corner += 1) {
    for (let unit = 0; unit < 3; unit += 1) {
      let sum = dead[12 + unit]!;
      for (let input = 0; input < 4; input += 1) sum += ((corner >> input) & 1) * dead[3 * input + unit]!;
      assert.ok(sum <= -0.9);
    }
  }
  assert.deepEqual(
    [...dead.subarray(0, 12), ...dead.subarray(15)],
    [...weights.subarray(0, 12), ...weights.subarray(15)],
  );
});
