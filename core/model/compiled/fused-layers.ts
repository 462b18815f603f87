/**
 * Fuses a list of layers into affine layers, each with the ReLU, pooling and dropout that follow it: what the training
 * step computes in one pass, and stores once.
 *
 * A dense layer is a convolution whose kernel covers the whole map, which has one output pixel; its weights [in, out],
 * with 'in' ordered [row, column, channel], are the convolution's [row, column, channel, out]. One code path for both.
 */
import { modelRefused } from '../refusals.ts';
import type { Layer, SequentialModel } from './topology.ts';

export interface MapShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface FusedLayer {
  readonly name: string;
  readonly input: MapShape;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Rows and columns of zeros before the map; what 'same' padding needs after it follows from paddedHeight, paddedWidth. */
  readonly padTop: number;
  readonly padLeft: number;
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  readonly useBias: boolean;
  readonly relu: boolean;
  readonly pooled: boolean;
  /** 0: none. */
  readonly dropoutRate: number;
  /** After pooling. */
  readonly output: MapShape;
}

export interface FusedModel {
  readonly layers: readonly FusedLayer[];
  readonly classes: number;
  /** Elements of one example, in the order of its bytes. */
  readonly inputElements: number;
}

/** Throws FederationError 'model-refused', naming the layer. */
export function fuseLayers(model: SequentialModel): FusedModel {
  const fused: FusedLayer[] = [];
  let flat = model.inputShape.length === 1;
  const [first = 1, width = 1, channels = 1] = model.inputShape;
  let map: MapShape = flat ? { height: 1, width: 1, channels: first } : { height: first, width, channels };
  const inputElements = map.height * map.width * map.channels;
  let classified = false;

  /** Lets the affine layer before 'layer' do the layer's work, too. */
  const attach = (layer: Layer, change: (last: FusedLayer) => FusedLayer): void => {
    const last = fused.pop();
    if (!last)
      throw modelRefused(
        layer.name,
        'comes before the first convolution or dense layer; the compiled engine needs one of these first',
      );
    const changed = change(last);
    fused.push(changed);
    map = changed.output;
  };

  for (const layer of model.layers) {
    if (classified) throw modelRefused(layer.name, 'follows the softmax, which must be the last layer');
    switch (layer.kind) {
      case 'convolution':
        if (flat)
          throw modelRefused(
            layer.name,
            'is a convolution of flat input; it needs [height, width, channels]',
          );
        fused.push(convolution(layer, map));
        map = fused.at(-1)!.output;
        break;
      case 'dense':
        if (!flat)
          throw modelRefused(
            layer.name,
            'is applied to a map; the compiled engine needs a Flatten layer before it',
          );
        fused.push(dense(layer, map));
        map = fused.at(-1)!.output;
        break;
      case 'relu':
        attach(layer, (last) => ({ ...last, relu: true }));
        break;
      case 'pool':
        if (flat) throw modelRefused(layer.name, 'pools flat input; it needs [height, width, channels]');
        attach(layer, (last) => pool(layer, last));
        break;
      case 'dropout':
        attach(layer, (last) => {
          if (last.dropoutRate > 0)
            throw modelRefused(layer.name, 'follows another dropout directly; the compiled engine knows one');
          return { ...last, dropoutRate: layer.rate };
        });
        break;
      case 'flatten':
        flat = true;
        break;
      case 'softmax':
        if (!flat)
          throw modelRefused(
            layer.name,
            'applies softmax to a map; the compiled engine knows it after the last dense layer',
          );
        attach(layer, (last) => last);
        classified = true;
        break;
    }
  }
  if (!classified)
    throw modelRefused(
      'the model',
      'does not end in a softmax, which the compiled engine needs for its cross-entropy',
    );
  if (map.height * map.width !== 1)
    throw modelRefused(
      fused.at(-1)!.name,
      'gives a map to the softmax; the compiled engine needs a dense layer there',
    );
  return { layers: fused, classes: map.channels, inputElements };
}

/** Stride 1. 'same' pads as TensorFlow does: kernel - 1 in all, the smaller half before. */
function convolution(layer: Layer & { kind: 'convolution' }, input: MapShape): FusedLayer {
  const { name, kernelHeight, kernelWidth, useBias, filters } = layer;
  const same = layer.padding === 'same';
  const paddedHeight = input.height + (same ? kernelHeight - 1 : 0);
  const paddedWidth = input.width + (same ? kernelWidth - 1 : 0);
  if (kernelHeight > paddedHeight || kernelWidth > paddedWidth)
    throw modelRefused(
      name,
      `has a kernel of ${kernelHeight} x ${kernelWidth}, larger than its input of ${input.height} x ${input.width}`,
    );
  return {
    name,
    input,
    kernelHeight,
    kernelWidth,
    padTop: same ? Math.floor((kernelHeight - 1) / 2) : 0,
    padLeft: same ? Math.floor((kernelWidth - 1) / 2) : 0,
    paddedHeight,
    paddedWidth,
    useBias,
    relu: false,
    pooled: false,
    dropoutRate: 0,
    output: {
      height: paddedHeight - kernelHeight + 1,
      width: paddedWidth - kernelWidth + 1,
      channels: filters,
    },
  };
}

function dense(layer: Layer & { kind: 'dense' }, input: MapShape): FusedLayer {
  const { name, units, useBias } = layer;
  const { height: kernelHeight, width: kernelWidth } = input;
  return convolution(
    { kind: 'convolution', name, filters: units, kernelHeight, kernelWidth, padding: 'valid', useBias },
    input,
  );
}

/** 2x2, stride 2; the last row or column of an odd map is dropped. */
function pool(layer: Layer, last: FusedLayer): FusedLayer {
  if (last.pooled)
    throw modelRefused(layer.name, 'follows another pooling directly; the compiled engine knows one');
  if (last.dropoutRate > 0)
    throw modelRefused(layer.name, 'follows a dropout directly; the compiled engine pools before dropout');
  const { height, width, channels } = last.output;
  if (height < 2 || width < 2)
    throw modelRefused(layer.name, `pools a map of ${height} x ${width}; it needs 2 x 2 or more`);
  return {
    ...last,
    pooled: true,
    output: { height: Math.floor(height / 2), width: Math.floor(width / 2), channels },
  };
}
