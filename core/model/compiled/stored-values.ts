/**
 * How values lie in memory: [image][row][column][channel] in floats, with a border of zeros as wide as the greediest of
 * the convolutions that read it needs, so that no kernel knows of padding. Channels are padded to a multiple of 8, but for
 * the image's; what is beyond a value's channels is zero and stays zero.
 */
import type { AffineNode, DepthwiseNode, Graph, MapShape } from './graph.ts';

export interface StoredValue extends MapShape {
  readonly storedChannels: number;
  /** Columns with the border. */
  readonly storedWidth: number;
  /** Rows and columns of the border before the map. */
  readonly top: number;
  readonly left: number;
  /** Bytes from row to row and from image to image. */
  readonly rowStride: number;
  readonly imageStride: number;
  /** Bytes from the first of an image to the first inside the border. */
  readonly inside: number;
}

export const floatBytes = 4;

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Bytes rounded up to an odd number of 64-byte cache lines: strides of powers of two would share few cache sets. */
export function oddCacheLines(bytes: number): number {
  const lines = Math.ceil(bytes / 64);
  return (lines % 2 === 0 ? lines + 1 : lines) * 64;
}

interface Border {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export function storeValues({ values, nodes }: Graph): readonly StoredValue[] {
  const borders = values.map((): Border => ({ top: 0, left: 0, bottom: 0, right: 0 }));
  for (const node of nodes) {
    if (node.kind !== 'affine' && node.kind !== 'depthwise') continue;
    const [input] = node.inputs;
    const border = borders[input]!;
    const needed = borderOf(node, values[input]!, values[node.output]!);
    for (const side of ['top', 'left', 'bottom', 'right'] as const)
      border[side] = Math.max(border[side], needed[side]);
  }
  return values.map((shape, value) => {
    const { top, left, bottom, right } = borders[value]!;
    const storedChannels = value === 0 ? shape.channels : roundUp(shape.channels, 8);
    const storedWidth = left + shape.width + right;
    const rowStride = floatBytes * storedWidth * storedChannels;
    return {
      ...shape,
      storedChannels,
      storedWidth,
      top,
      left,
      rowStride,
      imageStride: oddCacheLines((top + shape.height + bottom) * rowStride),
      inside: top * rowStride + floatBytes * left * storedChannels,
    };
  });
}

/** Places that a pool would drop are not computed and need no border. */
function borderOf(node: AffineNode | DepthwiseNode, input: MapShape, output: MapShape): Border {
  const { height, width, down, across, top, left } = node.window;
  const places = node.kind === 'affine' && node.pooled ? 2 : 1;
  const reach = (count: number, step: number, length: number): number => (places * count - 1) * step + length;
  return {
    top,
    left,
    bottom: Math.max(0, reach(output.height, down, height) - top - input.height),
    right: Math.max(0, reach(output.width, across, width) - left - input.width),
  };
}
