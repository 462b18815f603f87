/**
 * Layers that normalise: batch (Ioffe, Szegedy 2015), group (Wu, He 2018), layer (Ba, Kiros, Hinton 2016).
 *
 * Batch normalisation under federated averaging. While training, each batch is normalised by its own mean and variance, and
 * moving averages of both, which evaluation uses, stand among the flat weights. They are averaged over the clients as FedAvg
 * does with everything (FedBN, Li et al. 2021, would leave them with the clients: then there is no one model). So statistics
 * of a client's own data are part of its update: under the masks like the rest, and clipped and noised like the rest under
 * differential privacy, which spends the noise on them, too. And where clients' data differ, so do their batches: what each
 * trained under is not what evaluation uses. Group normalisation knows no batch, has none of this, and is the better choice
 * (Hsieh et al. 2020).
 */
import { ones, zeros } from './initialisers.ts';
import type { LayerConfig } from './layer-config.ts';
import { only, weight, type ReadLayer, type Shape, type WeightRule } from './layer-rule.ts';

/** Dimensions without the batch that tf.js's batch normalisation takes. */
const mostDimensions = 3;

function lastAxis(config: LayerConfig, input: Shape): void {
  const axes = config.integers('axis', [-1]);
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== input.length))
    config.refuse(`must normalise the last axis, and its axis is ${JSON.stringify(axes)}`);
}

/** One factor and one offset for each of the last axis; tf.js cannot train these layers without either. */
function scaleAndOffset(config: LayerConfig, input: Shape): WeightRule[] {
  config.must('scale', true);
  config.must('center', true);
  const shape = [input.at(-1)!];
  return [
    weight(config, 'gamma', shape, 'gamma_initializer', ones),
    weight(config, 'beta', shape, 'beta_initializer', zeros),
  ];
}

const epsilonOf = (config: LayerConfig): number => config.number('epsilon', 1e-3, { above: 0 });

/** Weights as tf.js orders them: gamma, beta, moving_mean, moving_variance. */
export const batchNormalisation: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  if (input.length > mostDimensions)
    config.refuse(`must have an input of at most ${mostDimensions} dimensions, and has ${input.length}`);
  lastAxis(config, input);
  const momentum = config.number('momentum', 0.99, { below: 1 });
  if (momentum < 0) config.refuse(`has the setting momentum, which must be 0 or more, and is ${momentum}`);
  for (const setting of ['renorm', 'synchronized']) config.must(setting, false);
  const weights = scaleAndOffset(config, input);
  const shape = [input.at(-1)!];
  const mean = weight(config, 'moving_mean', shape, 'moving_mean_initializer', zeros);
  const variance = weight(config, 'moving_variance', shape, 'moving_variance_initializer', ones);
  const start = variance.initialiser;
  if (start.kind !== 'constant' || start.value < 0)
    config.refuse('must start its moving_variance at a number of 0 or more');
  return {
    output: input,
    config: { axis: -1, momentum, epsilon: epsilonOf(config) },
    weights: [...weights, { ...mean, statistic: 'mean' }, { ...variance, statistic: 'variance' }],
  };
};

/** Each image by itself, over its pixels and the channels of a group. groups -1: one for each channel. */
export const groupNormalisation: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  lastAxis(config, input);
  const channels = input.at(-1)!;
  const [written = 32] = config.integers('groups', [32]);
  const groups = written === -1 ? channels : written;
  if (groups < 1 || channels % groups !== 0)
    config.refuse(`has the setting groups, which must divide its ${channels} channels, and is ${written}`);
  return {
    output: input,
    config: { groups, axis: -1, epsilon: epsilonOf(config) },
    weights: scaleAndOffset(config, input),
  };
};

export const layerNormalisation: ReadLayer = (config, inputs) => {
  const input = only(config, inputs);
  lastAxis(config, input);
  config.must('rms_scaling', false);
  return {
    output: input,
    config: { axis: -1, epsilon: epsilonOf(config) },
    weights: scaleAndOffset(config, input),
  };
};
