/**
 * Which coordinates of a model's flat vector a picture shows. Where the first dense layer sees the image, an input's
 * weights to one hidden unit are an image themselves: nine of them in tiles. In a convolutional model, kernels. The order
 * is by the energy of the global model, so that everybody's pictures of a round show the same at the same place.
 */
import type { ClientPictures } from '../../core/contract/pictures.ts';
import { readArchitecture, sizeOf, weightsOf } from '../../core/model/architecture.ts';
import type { ModelTopology } from '../../core/model/engine.ts';

export interface PictureLayout {
  readonly kind: ClientPictures['layer']['kind'];
  readonly side: number;
  /** [side * side] places in the flat vector; -1 where the picture shows nothing. */
  readonly places: Int32Array;
  /** How many places show something. */
  readonly coordinates: number;
  /** Of the whole vector: d. */
  readonly of: number;
}

/** About what a picture's side is: larger would show no more at the size of a screen's card. */
const wantedSide = 84;
/** Tiles of a dense layer: 3 x 3. */
const mostTilesInRow = 3;

/** Parts of the flat vector that are small images, side by side. */
interface Tiles {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** cell: row by row. */
  place(tile: number, cell: number): number;
}

interface PicturedWeights {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly className: string;
}

/** weights: [d] the global model. */
export function pictureLayout(topology: ModelTopology, weights: Float32Array): PictureLayout {
  const architecture = readArchitecture(topology);
  const [height = 1, width = 1, channels = 1] = architecture.input;
  const kernels = kernelsOf(architecture);
  const first = kernels[0];
  const seesImage = architecture.input.length > 1 && first?.shape[0] === sizeOf(architecture.input);
  if (seesImage && first.className === 'Dense')
    return tiled('dense', denseTiles(first, { height, width, channels }), weights);
  const convolution = fullestConvolution(kernels);
  if (convolution !== undefined) return tiled('kernels', kernelTiles(convolution), weights);
  return plain(weights.length);
}

function kernelsOf(architecture: ReturnType<typeof readArchitecture>): readonly PicturedWeights[] {
  let offset = 0;
  return weightsOf(architecture).flatMap(({ layer: { className }, weight: { name, shape } }) => {
    const at = offset;
    offset += sizeOf(shape);
    return name === 'kernel' ? [{ offset: at, shape, className }] : [];
  });
}

/** The first that fills the picture, or the one that comes nearest. */
function fullestConvolution(kernels: readonly PicturedWeights[]): PicturedWeights | undefined {
  const square = kernels.filter(
    ({ className, shape }) => className === 'Conv2D' && shape[0] === shape[1] && shape[0]! <= wantedSide,
  );
  const tilesOf = ({ shape }: PicturedWeights): number => shape[2]! * shape[3]!;
  const fills = square.find((kernel) => tilesOf(kernel) >= Math.floor(wantedSide / kernel.shape[0]!) ** 2);
  return fills ?? square.toSorted((one, other) => tilesOf(other) - tilesOf(one))[0];
}

/** A tile a hidden unit: its weights from every pixel, of the middle channel where there are colours. */
function denseTiles(
  { offset, shape }: PicturedWeights,
  image: { readonly height: number; readonly width: number; readonly channels: number },
): Tiles {
  const units = shape[1]!;
  const { height, width, channels } = image;
  const channel = Math.floor(channels / 2);
  return {
    count: units,
    rows: height,
    columns: width,
    place: (unit, pixel) => offset + (pixel * channels + channel) * units + unit,
  };
}

/** A tile a kernel: from one channel to one filter. */
function kernelTiles({ offset, shape }: PicturedWeights): Tiles {
  const [rows = 1, columns = 1, inputs = 1, filters = 1] = shape;
  const count = inputs * filters;
  return { count, rows, columns, place: (pair, cell) => offset + cell * count + pair };
}

/** By number, those whose weights have most energy first. */
function byEnergy({ count, rows, columns, place }: Tiles, weights: Float32Array): readonly number[] {
  const energies = new Float64Array(count);
  for (let cell = 0; cell < rows * columns; cell += 1)
    for (let tile = 0; tile < count; tile += 1) energies[tile]! += weights[place(tile, cell)]! ** 2;
  return Array.from(energies, (_, tile) => tile).sort((one, other) => energies[other]! - energies[one]!);
}

/** The tiles with most energy, as many as fit; images larger than the picture lose rows and columns evenly. */
function tiled(kind: PictureLayout['kind'], tiles: Tiles, weights: Float32Array): PictureLayout {
  const { count, rows, columns } = tiles;
  const tileSide = Math.min(wantedSide, Math.max(rows, columns));
  const fitting = Math.max(1, Math.round(wantedSide / tileSide));
  const inRow = Math.min(kind === 'dense' ? mostTilesInRow : fitting, fitting, Math.floor(Math.sqrt(count)));
  const side = inRow * tileSide;
  const places = new Int32Array(side * side).fill(-1);
  const scale = Math.max(rows, columns) / tileSide;
  for (const [index, tile] of byEnergy(tiles, weights)
    .slice(0, inRow * inRow)
    .entries()) {
    const top = Math.floor(index / inRow) * tileSide;
    const left = (index % inRow) * tileSide;
    for (let row = 0; row < tileSide; row += 1)
      for (let column = 0; column < tileSide; column += 1) {
        const fromRow = Math.floor(row * scale);
        const fromColumn = Math.floor(column * scale);
        if (fromRow >= rows || fromColumn >= columns) continue;
        places[(top + row) * side + left + column] = tiles.place(tile, fromRow * columns + fromColumn);
      }
  }
  return { kind, side, places, coordinates: places.filter((place) => place >= 0).length, of: weights.length };
}

/** The vector as it begins, row by row. */
function plain(of: number): PictureLayout {
  const side = Math.max(1, Math.min(wantedSide, Math.floor(Math.sqrt(of))));
  return {
    kind: 'plain',
    side,
    places: Int32Array.from({ length: side * side }, (_, place) => place),
    coordinates: side * side,
    of,
  };
}
