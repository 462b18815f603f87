/**
 * Normalisation of maps: each value less a mean, over a deviation, times a factor of its channel, plus an offset, and ReLU.
 *
 * By batch or by group the sums are the same: of every image and channel the mean and the squares about it, put together
 * over the images, or over the channels of a group (Chan, Golub, LeVeque 1983); what is left is one multiplication and one
 * addition for each value. A row of an image stays in the first-level cache while all channels pass. Pixel by pixel, along
 * the channels, it is another thing: layer-normalisation.ts.
 *
 * What is beyond a map's channels stays exactly zero, in values as in gradients: factor and offset are zero there.
 */
import { bothHalves, times } from './emit.ts';

/** Text for 16 channels at a time, and for the eight that may be left. */
const byChannels = (call: (vectors: 4 | 2) => string): string => `
    let at: usize = 0;
    for (; at + 64 <= pixelBytes; at += 64) ${call(4)}
    if (at < pixelBytes) ${call(2)}`;

const rowSums = (vectors: number): string => `
function rowSums${vectors}(pixel: usize, rowBytes: usize, pixelBytes: usize, sums: usize): void {
  ${times(vectors, (vector) => `let sum${vector} = f32x4.splat(0);`)}
  for (const end = pixel + rowBytes; pixel < end; pixel += pixelBytes) {
    ${times(vectors, (vector) => `sum${vector} = f32x4.add(sum${vector}, v128.load(pixel, ${16 * vector}));`)}
  }
  ${times(vectors, (vector) => `v128.store(sums, f32x4.add(v128.load(sums, ${16 * vector}), sum${vector}), ${16 * vector});`)}
}`;

const rowSquares = (vectors: number): string => `
function rowSquares${vectors}(pixel: usize, rowBytes: usize, pixelBytes: usize, means: usize, squares: usize): void {
  ${times(vectors, (vector) => `let sum${vector} = f32x4.splat(0); const mean${vector} = v128.load(means, ${16 * vector});`)}
  for (const end = pixel + rowBytes; pixel < end; pixel += pixelBytes) {
    ${times(
      vectors,
      (vector) => `{
      const centred = f32x4.sub(v128.load(pixel, ${16 * vector}), mean${vector});
      sum${vector} = multiplyAdd(centred, centred, sum${vector});
    }`,
    )}
  }
  ${times(vectors, (vector) => `v128.store(squares, f32x4.add(v128.load(squares, ${16 * vector}), sum${vector}), ${16 * vector});`)}
}`;

/** Of every image and channel the mean and the sum of the squares about it: [image][2][channels]. */
const channelMoments = `
function channelMoments(node: NormaliseNode, images: i32): void {
  const rows = node.rows, rowBytes = node.rowBytes, rowStride = node.inputRowStride, pixelBytes = node.pixelBytes;
  const share = f32x4.splat(<f32>1 / <f32>node.pixels);
  memory.fill(node.moments, 0, 2 * pixelBytes * <usize>images);
  for (let image: i32 = 0; image < images; image++) {
    const means = node.moments + <usize>image * 2 * pixelBytes, squares = means + pixelBytes;
    const input = node.input + <usize>image * node.inputStride;
    for (let index: i32 = 0; index < rows; index++) {
      const row = input + <usize>index * rowStride;
      ${byChannels((vectors) => `rowSums${vectors}(row + at, rowBytes, pixelBytes, means + at);`)}
    }
    for (let mean = means; mean < squares; mean += 16) v128.store(mean, f32x4.mul(v128.load(mean), share));
    for (let index: i32 = 0; index < rows; index++) {
      const row = input + <usize>index * rowStride;
      ${byChannels((vectors) => `rowSquares${vectors}(row + at, rowBytes, pixelBytes, means + at, squares + at);`)}
    }
  }
}`;

/**
 * One row of statistics, of which there is one for the batch or one for each image: [mean][factor][1 / deviation], then, for
 * the backward pass, [slope][offset], channels each. factor: gamma / deviation.
 */
const statisticsRow = `
// @ts-ignore: decorator
@inline function statisticsOf(node: NormaliseNode, image: i32): usize {
  return node.statistics + (node.groups ? <usize>image * 5 * node.pixelBytes : 0);
}`;

/** Of the batch, and the moving averages, as tf.js moves them: v - (1 - momentum) (v - batch's). */
const batchStatistics = `
function batchStatistics(node: NormaliseNode, images: i32): void {
  const pixelBytes = node.pixelBytes, toNext: usize = 2 * pixelBytes;
  const imageShare = f32x4.splat(<f32>1 / <f32>images), pixels = f32x4.splat(<f32>node.pixels);
  const share = f32x4.splat(<f32>1 / <f32>(images * node.pixels)), newShare = f32x4.splat(node.newShare);
  const one = f32x4.splat(1), epsilon = f32x4.splat(node.epsilon);
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum = f32x4.splat(0), squares = f32x4.splat(0), moment = node.moments + at;
    for (let image: i32 = 0; image < images; image++, moment += toNext) sum = f32x4.add(sum, v128.load(moment));
    const mean = f32x4.mul(sum, imageShare);
    moment = node.moments + at;
    for (let image: i32 = 0; image < images; image++, moment += toNext) {
      const apart = f32x4.sub(v128.load(moment), mean);
      squares = f32x4.add(squares, multiplyAdd(pixels, f32x4.mul(apart, apart), v128.load(moment + pixelBytes)));
    }
    const variance = f32x4.mul(squares, share);
    const movingMean = v128.load(node.movingMean + at), movingVariance = v128.load(node.movingVariance + at);
    v128.store(node.movingMean + at, f32x4.sub(movingMean, f32x4.mul(f32x4.sub(movingMean, mean), newShare)));
    v128.store(node.movingVariance + at, f32x4.sub(movingVariance, f32x4.mul(f32x4.sub(movingVariance, variance), newShare)));
    const inverse = f32x4.div(one, f32x4.sqrt(f32x4.add(variance, epsilon)));
    const row = node.statistics + at;
    v128.store(row, mean);
    v128.store(row + pixelBytes, f32x4.mul(v128.load(node.gamma + at), inverse));
    v128.store(row + 2 * pixelBytes, inverse);
  }
}
function movingStatistics(node: NormaliseNode): void {
  const pixelBytes = node.pixelBytes, one = f32x4.splat(1), epsilon = f32x4.splat(node.epsilon);
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    const inverse = f32x4.div(one, f32x4.sqrt(f32x4.add(v128.load(node.movingVariance + at), epsilon)));
    const row = node.statistics + at;
    v128.store(row, v128.load(node.movingMean + at));
    v128.store(row + pixelBytes, f32x4.mul(v128.load(node.gamma + at), inverse));
    v128.store(row + 2 * pixelBytes, inverse);
  }
}`;

const groupStatistics = `
function groupStatistics(node: NormaliseNode, image: i32): void {
  const pixelBytes = node.pixelBytes, size = <usize>(node.channels / node.groups) << 2, pixels = <f64>node.pixels;
  const means = node.moments + <usize>image * 2 * pixelBytes, row = statisticsOf(node, image);
  const channelBytes = <usize>node.channels << 2, share = 4 / <f64>size;
  for (let first: usize = 0; first < channelBytes; first += size) {
    const end = first + size;
    let mean: f64 = 0, squares: f64 = 0;
    for (let at = first; at < end; at += 4) mean += <f64>load<f32>(means + at);
    mean *= share;
    for (let at = first; at < end; at += 4) {
      const apart = <f64>load<f32>(means + at) - mean;
      squares += <f64>load<f32>(means + at + pixelBytes) + pixels * apart * apart;
    }
    const inverse = <f32>(1 / Math.sqrt(squares * share / pixels + <f64>node.epsilon));
    for (let at = first; at < end; at += 4) {
      store<f32>(row + at, <f32>mean);
      store<f32>(row + at + pixelBytes, load<f32>(node.gamma + at) * inverse);
      store<f32>(row + at + 2 * pixelBytes, inverse);
    }
  }
}`;

const normaliseRow = (vectors: number, relu: boolean): string => `
function normaliseRow${vectors}${relu ? 'Relu' : ''}(from: usize, rowBytes: usize, pixelBytes: usize, to: usize, statistics: usize, offsets: usize): void {
  ${times(
    vectors,
    (vector) => `
  const mean${vector} = v128.load(statistics, ${16 * vector}), factor${vector} = v128.load(statistics + pixelBytes, ${16 * vector});
  const offset${vector} = v128.load(offsets, ${16 * vector});`,
  )}
  for (const end = from + rowBytes; from < end; from += pixelBytes, to += pixelBytes) {
    ${times(vectors, (vector) => {
      const value = `multiplyAdd(f32x4.sub(v128.load(from, ${16 * vector}), mean${vector}), factor${vector}, offset${vector})`;
      return `v128.store(to, ${relu ? `f32x4.pmax(f32x4.splat(0), ${value})` : value}, ${16 * vector});`;
    })}
  }
}`;

const normaliseForward = `
function normaliseForward(node: NormaliseNode, images: i32, train: i32): void {
  if (node.along) {
    layerForward(node, images);
    return;
  }
  if (node.groups || train) channelMoments(node, images);
  if (node.groups) for (let image: i32 = 0; image < images; image++) groupStatistics(node, image);
  else if (train) batchStatistics(node, images);
  else movingStatistics(node);
  const rows = node.rows, rowBytes = node.rowBytes, pixelBytes = node.pixelBytes, relu = node.relu, beta = node.beta;
  for (let image: i32 = 0; image < images; image++) {
    const statistics = statisticsOf(node, image);
    let from = node.input + <usize>image * node.inputStride, to = node.output + <usize>image * node.outputStride;
    for (let index: i32 = 0; index < rows; index++, from += node.inputRowStride, to += node.outputRowStride) {
      ${byChannels(
        (vectors) => `{
        if (relu) normaliseRow${vectors}Relu(from + at, rowBytes, pixelBytes, to + at, statistics + at, beta + at);
        else normaliseRow${vectors}(from + at, rowBytes, pixelBytes, to + at, statistics + at, beta + at);
      }`,
      )}
    }
  }
}`;

/** The gradient of an output that ReLU cut to zero is none. */
const gradientAt = (half: string, at: number, relu: boolean): string =>
  relu
    ? `const gradient${half} = v128.and(v128.load(gradients, ${at}), f32x4.gt(v128.load(outputs, ${at}), f32x4.splat(0)));`
    : `const gradient${half} = v128.load(gradients, ${at});`;

/** Adds up, for eight channels of a row, the gradients and their products with the values less the mean. */
const rowGradientSums = (relu: boolean): string => `
function rowGradientSums${relu ? 'Relu' : ''}(values: usize, rowBytes: usize, pixelBytes: usize, outputs: usize, gradients: usize, means: usize, sums: usize): void {
  ${bothHalves((half, at) => `const mean${half} = v128.load(means, ${at}); let sum${half} = f32x4.splat(0), product${half} = f32x4.splat(0);`)}
  for (const end = values + rowBytes; values < end; values += pixelBytes, outputs += pixelBytes, gradients += pixelBytes) {
    ${bothHalves(
      (half, at) => `{
      ${gradientAt(half, at, relu)}
      sum${half} = f32x4.add(sum${half}, gradient${half});
      product${half} = multiplyAdd(gradient${half}, f32x4.sub(v128.load(values, ${at}), mean${half}), product${half});
    }`,
    )}
  }
  const products = sums + pixelBytes;
  ${bothHalves(
    (half, at) => `
  v128.store(sums, f32x4.add(v128.load(sums, ${at}), sum${half}), ${at});
  v128.store(products, f32x4.add(v128.load(products, ${at}), product${half}), ${at});`,
  )}
}`;

/** Adds factor x gradient + slope x (value - mean) + offset to the input's gradient, for eight channels of a row. */
const rowInputGradient = (relu: boolean): string => `
function rowInputGradient${relu ? 'Relu' : ''}(values: usize, rowBytes: usize, pixelBytes: usize, outputs: usize, gradients: usize, statistics: usize, targets: usize): void {
  ${bothHalves(
    (half, at) => `
  const mean${half} = v128.load(statistics, ${at}), factor${half} = v128.load(statistics + pixelBytes, ${at});
  const slope${half} = v128.load(statistics + 3 * pixelBytes, ${at}), offset${half} = v128.load(statistics + 4 * pixelBytes, ${at});`,
  )}
  for (const end = values + rowBytes; values < end; values += pixelBytes, outputs += pixelBytes, gradients += pixelBytes, targets += pixelBytes) {
    ${bothHalves(
      (half, at) => `{
      ${gradientAt(half, at, relu)}
      const rest = multiplyAdd(slope${half}, f32x4.sub(v128.load(values, ${at}), mean${half}), offset${half});
      v128.store(targets, f32x4.add(v128.load(targets, ${at}), multiplyAdd(factor${half}, gradient${half}, rest)), ${at});
    }`,
    )}
  }
}`;

/**
 * With g the gradient, d the deviation, n = (x - mean) / d, and E over all that was normalised together, the input's gradient
 * is (gamma g - E[gamma g] - n E[gamma g n]) / d: factor x g, plus slope x (x - mean), plus offset.
 */
const batchGradient = `
function batchGradient(node: NormaliseNode, images: i32, train: i32): void {
  const pixelBytes = node.pixelBytes, toNext: usize = 2 * pixelBytes, zero = f32x4.splat(0);
  const share = f32x4.splat(train ? <f32>-1 / <f32>(images * node.pixels) : <f32>0);
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum = zero, products = zero, moment = node.moments + at;
    for (let image: i32 = 0; image < images; image++, moment += toNext) {
      sum = f32x4.add(sum, v128.load(moment));
      products = f32x4.add(products, v128.load(moment + pixelBytes));
    }
    const row = node.statistics + at, factor = v128.load(row + pixelBytes), inverse = v128.load(row + 2 * pixelBytes);
    products = f32x4.mul(products, inverse);
    if (node.gammaGradient) {
      v128.store(node.gammaGradient + at, f32x4.add(v128.load(node.gammaGradient + at), products));
      v128.store(node.betaGradient + at, f32x4.add(v128.load(node.betaGradient + at), sum));
    }
    const scale = f32x4.mul(factor, share);
    v128.store(row + 3 * pixelBytes, f32x4.mul(f32x4.mul(scale, inverse), products));
    v128.store(row + 4 * pixelBytes, f32x4.mul(scale, sum));
  }
}`;

const groupGradient = `
function groupGradient(node: NormaliseNode, image: i32): void {
  const pixelBytes = node.pixelBytes, size = <usize>(node.channels / node.groups) << 2;
  const sums = node.moments + <usize>image * 2 * pixelBytes, row = statisticsOf(node, image);
  const channelBytes = <usize>node.channels << 2, share = 4 / (<f64>size * <f64>node.pixels);
  for (let first: usize = 0; first < channelBytes; first += size) {
    const end = first + size, inverse = load<f32>(row + first + 2 * pixelBytes);
    let sum: f64 = 0, products: f64 = 0;
    for (let at = first; at < end; at += 4) {
      const gamma = <f64>load<f32>(node.gamma + at);
      const ofSum = load<f32>(sums + at), ofProducts = load<f32>(sums + at + pixelBytes) * inverse;
      sum += gamma * <f64>ofSum;
      products += gamma * <f64>ofProducts;
      if (node.gammaGradient) {
        store<f32>(node.gammaGradient + at, load<f32>(node.gammaGradient + at) + ofProducts);
        store<f32>(node.betaGradient + at, load<f32>(node.betaGradient + at) + ofSum);
      }
    }
    const slope = <f32>(-products * share) * inverse * inverse, offset = <f32>(-sum * share) * inverse;
    for (let at = first; at < end; at += 4) {
      store<f32>(row + at + 3 * pixelBytes, slope);
      store<f32>(row + at + 4 * pixelBytes, offset);
    }
  }
}`;

/** Of a row of a map: where its values, outputs and gradients start. */
const eachRow = (body: string): string => `
  for (let image: i32 = 0; image < images; image++) {
    const statistics = statisticsOf(node, image), sums = node.moments + <usize>image * 2 * pixelBytes;
    let values = node.input + <usize>image * node.inputStride, outputs = node.output + <usize>image * node.outputStride;
    let gradients = node.outputGradient + <usize>image * node.outputStride, targets = node.inputGradient + <usize>image * node.inputStride;
    for (let index: i32 = 0; index < rows; index++) {
      for (let at: usize = 0; at < pixelBytes; at += 32) { ${body} }
      values += node.inputRowStride;
      targets += node.inputRowStride;
      outputs += node.outputRowStride;
      gradients += node.outputRowStride;
    }
  }`;

/** train: under the batch's own statistics; else under moving ones, which are constants: slope and offset are zero. */
const normaliseBackward = `
function normaliseBackward(node: NormaliseNode, images: i32, train: i32): void {
  if (node.along) {
    layerBackward(node, images);
    return;
  }
  const rows = node.rows, rowBytes = node.rowBytes, pixelBytes = node.pixelBytes, relu = node.relu;
  if (node.groups || train || node.gammaGradient) {
    memory.fill(node.moments, 0, 2 * pixelBytes * <usize>images);
    ${eachRow(`
    if (relu) rowGradientSumsRelu(values + at, rowBytes, pixelBytes, outputs + at, gradients + at, statistics + at, sums + at);
    else rowGradientSums(values + at, rowBytes, pixelBytes, outputs + at, gradients + at, statistics + at, sums + at);`)}
    if (node.groups) for (let image: i32 = 0; image < images; image++) groupGradient(node, image);
    else batchGradient(node, images, train);
  }
  if (!node.inputGradient) return;
  ${eachRow(`
    if (relu) rowInputGradientRelu(values + at, rowBytes, pixelBytes, outputs + at, gradients + at, statistics + at, targets + at);
    else rowInputGradient(values + at, rowBytes, pixelBytes, outputs + at, gradients + at, statistics + at, targets + at);`)}
}`;

export const normalisation = [
  rowSums(4),
  rowSums(2),
  rowSquares(4),
  rowSquares(2),
  channelMoments,
  statisticsRow,
  batchStatistics,
  groupStatistics,
  ...[4, 2].flatMap((vectors) => [normaliseRow(vectors, false), normaliseRow(vectors, true)]),
  normaliseForward,
  ...[false, true].flatMap((relu) => [rowGradientSums(relu), rowInputGradient(relu)]),
  batchGradient,
  groupGradient,
  normaliseBackward,
].join('\n');
