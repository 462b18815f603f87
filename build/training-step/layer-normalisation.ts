/**
 * Layer normalisation: every pixel of a map by a mean and a deviation of its own, along its channels, then a factor and an
 * offset of each channel, and ReLU.
 *
 * What is beyond a map's channels stays exactly zero, in values as in gradients: it is masked, as its own mean would count.
 */
import { bothHalves } from './emit.ts';

const laneSum = `
// @ts-ignore: decorator
@inline function laneSum(values: v128): f32 {
  return f32x4.extract_lane(values, 0) + f32x4.extract_lane(values, 1) + (f32x4.extract_lane(values, 2) + f32x4.extract_lane(values, 3));
}`;

/** mask: 1 for the map's channels, 0 beyond. Keeps [mean, 1 / deviation] of each pixel. */
const layerForward = `
function layerForward(node: NormaliseNode, images: i32): void {
  const pixelBytes = node.pixelBytes, mask = node.mask, relu = node.relu, zero = f32x4.splat(0), share: f32 = <f32>1 / <f32>node.channels;
  let statistics = node.statistics;
  for (let image: i32 = 0; image < images; image++) {
    let row = node.input + <usize>image * node.inputStride, toRow = node.output + <usize>image * node.outputStride;
    for (let index: i32 = 0; index < node.rows; index++, row += node.inputRowStride, toRow += node.outputRowStride) {
      let to = toRow;
      for (let pixel = row, end = row + node.rowBytes; pixel < end; pixel += pixelBytes, to += pixelBytes, statistics += 8) {
        ${bothHalves((half) => `let sum${half} = zero;`)}
        for (let at: usize = 0; at < pixelBytes; at += 32) {
          ${bothHalves((half, at) => `sum${half} = f32x4.add(sum${half}, v128.load(pixel + at, ${at}));`)}
        }
        const mean = laneSum(f32x4.add(sumLow, sumHigh)) * share, means = f32x4.splat(mean);
        ${bothHalves((half) => `sum${half} = zero;`)}
        for (let at: usize = 0; at < pixelBytes; at += 32) {
          ${bothHalves(
            (half, at) => `
          const centred${half} = f32x4.mul(f32x4.sub(v128.load(pixel + at, ${at}), means), v128.load(mask + at, ${at}));
          sum${half} = multiplyAdd(centred${half}, centred${half}, sum${half});`,
          )}
        }
        const inverse = <f32>1 / Mathf.sqrt(laneSum(f32x4.add(sumLow, sumHigh)) * share + node.epsilon), inverses = f32x4.splat(inverse);
        store<f32>(statistics, mean);
        store<f32>(statistics, inverse, 4);
        for (let at: usize = 0; at < pixelBytes; at += 32) {
          ${bothHalves(
            (half, at) => `
          let value${half} = f32x4.mul(f32x4.sub(v128.load(pixel + at, ${at}), means), inverses);
          value${half} = multiplyAdd(value${half}, v128.load(node.gamma + at, ${at}), v128.load(node.beta + at, ${at}));
          if (relu) value${half} = f32x4.pmax(zero, value${half});
          v128.store(to + at, value${half}, ${at});`,
          )}
        }
      }
    }
  }
}`;

/** Of four channels: what flows back through ReLU, and the value as normalised. */
const gradientAndNormal = (at: number): string => `
            let gradient = v128.load(gradients + at, ${at});
            if (relu) gradient = v128.and(gradient, f32x4.gt(v128.load(output + at, ${at}), zero));
            const normal = f32x4.mul(f32x4.sub(v128.load(value + at, ${at}), means), inverses);`;

const layerBackward = `
function layerBackward(node: NormaliseNode, images: i32): void {
  const pixelBytes = node.pixelBytes, mask = node.mask, relu = node.relu, zero = f32x4.splat(0), share: f32 = <f32>1 / <f32>node.channels;
  let statistics = node.statistics;
  for (let image: i32 = 0; image < images; image++) {
    const inside = <usize>image * node.inputStride, outside = <usize>image * node.outputStride;
    for (let index: i32 = 0; index < node.rows; index++) {
      let value = node.input + inside + <usize>index * node.inputRowStride;
      let target = node.inputGradient + inside + <usize>index * node.inputRowStride;
      let output = node.output + outside + <usize>index * node.outputRowStride;
      let gradients = node.outputGradient + outside + <usize>index * node.outputRowStride;
      for (let end = value + node.rowBytes; value < end; value += pixelBytes, statistics += 8) {
        const means = v128.load32_splat(statistics), inverses = v128.load32_splat(statistics, 4);
        ${bothHalves((half) => `let sum${half} = zero, product${half} = zero;`)}
        for (let at: usize = 0; at < pixelBytes; at += 32) {
          ${bothHalves(
            (half, at) => `{
            ${gradientAndNormal(at)}
            if (node.gammaGradient) {
              const gammaGradient = node.gammaGradient + at, betaGradient = node.betaGradient + at;
              v128.store(gammaGradient, multiplyAdd(gradient, normal, v128.load(gammaGradient, ${at})), ${at});
              v128.store(betaGradient, f32x4.add(gradient, v128.load(betaGradient, ${at})), ${at});
            }
            const scaled = f32x4.mul(gradient, v128.load(node.gamma + at, ${at}));
            sum${half} = f32x4.add(sum${half}, scaled);
            product${half} = multiplyAdd(scaled, normal, product${half});
          }`,
          )}
        }
        if (node.inputGradient) {
          const sums = f32x4.splat(laneSum(f32x4.add(sumLow, sumHigh)) * share);
          const products = f32x4.splat(laneSum(f32x4.add(productLow, productHigh)) * share);
          for (let at: usize = 0; at < pixelBytes; at += 32) {
            ${bothHalves(
              (half, at) => `{
              ${gradientAndNormal(at)}
              const rest = f32x4.add(sums, f32x4.mul(normal, products));
              const change = f32x4.mul(f32x4.sub(f32x4.mul(gradient, v128.load(node.gamma + at, ${at})), rest), inverses);
              v128.store(target + at, multiplyAdd(change, v128.load(mask + at, ${at}), v128.load(target + at, ${at})), ${at});
            }`,
            )}
          }
        }
        target += pixelBytes;
        output += pixelBytes;
        gradients += pixelBytes;
      }
    }
  }
}`;

export const layerNormalisation = [laneSum, layerForward, layerBackward].join('\n');
