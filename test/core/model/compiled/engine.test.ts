/** What the compiled engine takes and what it refuses, by name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCompiledEngine } from '../../../../core/model/compiled/engine.ts';
import type { ModelTopology } from '../../../../core/model/engine.ts';
import { streamFromState } from '../../../../core/random/generator.ts';
import {
  classify,
  conv,
  dense,
  dropout,
  flatten,
  modules,
  modulesWithoutRelaxed,
  pool,
  randomImages,
  topologyOf,
  type LayerSpec,
} from './support.ts';

const engine = createCompiledEngine(modules);
const input = [8, 8, 1];
const refusalOf = (layers: readonly LayerSpec[], shape: readonly number[] = input): string | undefined =>
  engine.refusal(topologyOf({ input: shape, layers }));

describe('refusal()', () => {
  const refused: readonly (readonly [string, readonly LayerSpec[], RegExp])[] = [
    [
      'what the catalogue refuses',
      [conv(4, [0, 3]), flatten, classify(2)],
      /^Layer "conv2d_0" \(Conv2D\) .*kernel_size/,
    ],
    [
      'a window beyond the map',
      [conv(4, 3), pool, conv(4, 4), flatten, classify(2)],
      /"conv2d_2" .* window of 4/,
    ],
    ['a softmax inside', [flatten, classify(4), classify(2)], /"dense_1" .* softmax inside the model/],
    ['no softmax', [flatten, dense(2)], /"dense_1" .* must end in softmax/],
    [
      'a class that it does not know',
      [conv(4, 3), ['Conv2DTranspose', { filters: 2, kernel_size: 3 }], flatten, classify(2)],
      /"conv2dtranspose_1" \(Conv2DTranspose\) .* does not know/,
    ],
    ['no layers', [], /^It must list its layers/],
  ];
  for (const [name, layers, message] of refused)
    it(`names the layer and the reason: ${name}`, () => {
      assert.match(refusalOf(layers) ?? 'taken', message);
    });

  it('never throws, whatever the topology holds', () => {
    const odd: readonly unknown[] = [
      {},
      { class_name: 'Functional', config: {} },
      { class_name: 'Sequential' },
      { class_name: 'Sequential', config: { layers: [null] } },
      { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense' }] } },
      {
        class_name: 'Sequential',
        config: [{ class_name: 'Dense', config: { units: 1e400, batch_input_shape: [null, 4] } }],
      },
    ];
    for (const topology of odd) assert.equal(typeof engine.refusal(topology as ModelTopology), 'string');
  });
});

describe('plan()', () => {
  const stream = streamFromState(Int32Array.of(1, 2, 3, 4));
  const images = randomImages(input, 40, 3, stream);
  const data = { train: images, test: images };

  it('says which instructions it uses', () => {
    assert.equal(engine.variant, 'relaxed SIMD');
    assert.equal(createCompiledEngine(modulesWithoutRelaxed).variant, 'SIMD');
  });

  it('takes images as one row of features, too', async () => {
    const topology = topologyOf({ input: [64], layers: [classify(3)] });
    assert.equal((await engine.plan(topology, data, { batchSize: 4 })).parameterCount, 64 * 3 + 3);
  });

  it('counts the parameters of the CNN for MNIST', async () => {
    const layers = [
      conv(32, 3),
      pool,
      conv(64, 3),
      pool,
      conv(128, 3),
      flatten,
      dropout(0.5),
      dense(128, 'relu'),
      classify(10),
    ];
    const mnist = randomImages([28, 28, 1], 2, 10, stream);
    const model = await engine.plan(
      topologyOf({ input: [28, 28, 1], layers }),
      { train: mnist, test: mnist },
      { batchSize: 32 },
    );
    assert.equal(model.parameterCount, 241_546);
    model.dispose();
  });

  it('names the largest layer of a model that does not fit the memory in such batches', async () => {
    const topology = topologyOf({ input, layers: [flatten, dense(4_000), dense(10), classify(3)] });
    await assert.rejects(engine.plan(topology, data, { batchSize: 100_000 }), /"dense_1" .* MB/);
  });

  it('throws model-does-not-fit for other images or more classes, model-refused for what it refuses', async () => {
    const fits = (shape: readonly number[], classes: number) =>
      engine.plan(topologyOf({ input: shape, layers: [flatten, classify(classes)] }), data, { batchSize: 4 });
    await assert.rejects(fits([8, 9, 1], 3), { code: 'model-does-not-fit' });
    await assert.rejects(fits(input, 2), { code: 'model-does-not-fit' });
    await assert.rejects(
      engine.plan(topologyOf({ input, layers: [flatten, dense(3)] }), data, { batchSize: 4 }),
      { code: 'model-refused' },
    );
  });
});
