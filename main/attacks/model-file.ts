/** A trained model from the files of TensorFlow.js's layers format: model.json, and its weights beside it (write-model.ts). */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TargetModel } from '../../core/attacks/attack.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { parameterShapes } from '../../core/model/architecture.ts';
import { modelDoesNotFit, modelUnreadable } from '../../core/model/refusals.ts';
import { parseTopology } from '../../core/model/topology.ts';
import { fileError, readTextFile } from '../files/files.ts';

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().regex(/^[^/\\]+$/, 'must lie beside model.json')),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().min(0)),
          dtype: z.literal('float32'),
          quantization: z.never().optional(),
        }),
      ),
    }),
  ),
});

/**
 * Throws 'file-not-found', 'file-unreadable', 'model-unreadable', 'model-refused', and 'model-does-not-fit' for a model
 * of other images or classes, or whose weights are not those of its layers.
 */
export async function readTrainedModel(
  path: string,
  data: Pick<Dataset, 'train' | 'classNames'>,
): Promise<TargetModel> {
  const text = await readTextFile(path);
  const { height, width, channels } = data.train;
  const topology = parseTopology(text, path, { height, width, channels, classes: data.classNames.length });
  const manifest = manifestSchema.safeParse(JSON.parse(text));
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw modelUnreadable(
      path,
      `it must list its weights, in float32, and ${where} does not: ${issue?.message ?? ''}`,
    );
  }
  const groups = manifest.data.weightsManifest;
  const listed = groups.flatMap(({ weights }) => weights);
  const shapes = parameterShapes(topology);
  for (const [index, { layer, name, shape }] of shapes.entries()) {
    const found = listed[index]?.shape ?? [];
    if (JSON.stringify(found) !== JSON.stringify(shape))
      throw modelDoesNotFit(layer, `shape of its ${name}`, shape.join(' x '), found.join(' x ') || 'missing');
  }
  const bytes = await readAll(groups.flatMap(({ paths }) => paths.map((file) => join(dirname(path), file))));
  const count = shapes.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0);
  if (listed.length !== shapes.length || bytes.length !== 4 * count)
    throw modelUnreadable(path, `its weights must be ${4 * count} bytes, and are ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    topology,
    weights: Float32Array.from({ length: count }, (_, index) => view.getFloat32(4 * index, true)),
  };
}

async function readAll(paths: readonly string[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const path of paths) {
    try {
      parts.push(await readFile(path));
    } catch (cause) {
      throw fileError(path, cause);
    }
  }
  return Buffer.concat(parts);
}
