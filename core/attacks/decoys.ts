/**
 * What stands beside a rebuilt picture where nobody here knows the private ones: public images that anybody could take for
 * it, without an attack. A room that is asked which of them is private, and finds the rebuilt one, has been told something.
 */
import type { AttackImage } from '../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import { type RandomStream, shuffle } from '../random/stream.ts';
import { prepareBaselines } from './metrics/baselines.ts';
import { meanSquaredError } from './metrics/similarity.ts';
import { pictureOf, pixelsAt } from './pictures.ts';

/** Rebuilt pictures that get them: as many as a row of the lab's screen has. */
const mostWithDecoys = 10;
/** Public images among which the nearest is looked for; some 10 ms. */
const mostPublic = 5_000;
/** What is nearer is no other image but the same, which a public data set may hold: 25 dB. */
const sameError = 10 ** -2.5;

/** For each of the first rebuilt ones, in its column: the mean image, that of the nearest public image's class, and this itself. */
export function* decoyPictures(
  rebuilt: readonly Float32Array[],
  data: LabelledImages,
  stream: RandomStream,
): Generator<readonly AttackImage[], void, void> {
  const { globalMean, classMean } = prepareBaselines(data, [], stream);
  const order = Uint32Array.from({ length: data.count }, (_, place) => place);
  shuffle(order, stream);
  const places = order.subarray(0, mostPublic);
  const known = Array.from(places, (place) => pixelsAt(data, place));
  for (const [index, pixels] of rebuilt.slice(0, mostWithDecoys).entries()) {
    const nearest = places[nearestOf(pixels, known)];
    const label = nearest === undefined ? null : data.labels[nearest]!;
    const picture = (name: string, shown: Float32Array, of: number | null): AttackImage =>
      pictureOf({ id: `${name}-${index}`, role: 'baseline', name, index, label: of }, shown, data);
    yield [
      picture('globalMean', globalMean, null),
      ...(nearest === undefined || label === null
        ? []
        : [
            picture('classMean', classMean(label), label),
            picture('nearestOther', pixelsAt(data, nearest), label),
          ]),
    ];
  }
}

/** -1 where every one is the same as this. */
function nearestOf(pixels: Float32Array, known: readonly Float32Array[]): number {
  let [least, nearest] = [Number.POSITIVE_INFINITY, -1];
  for (const [index, other] of known.entries()) {
    const error = meanSquaredError(pixels, other);
    if (error >= sameError && error < least) [least, nearest] = [error, index];
  }
  return nearest;
}
