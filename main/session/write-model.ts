/**
 * A session's model as files that other tools read: TensorFlow.js's layers format, model.json (topology and a list of
 * weights) and weights.bin beside it, float32, little-endian, in the order of the list. tf.loadLayersModel() reads it, and
 * tensorflowjs_converter makes a Keras file of it.
 */
import { join } from 'node:path';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { parameterShapes } from '../../core/model/architecture.ts';
import { writeWholeFile } from '../files/files.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import { sessionTopology } from './session-result.ts';

const modelName = 'model.json';
const weightsName = 'weights.bin';

type ModelSource = Pick<Store, 'roundSummaries' | 'model'>;

/** Paths. */
export interface ModelFiles {
  readonly model: string;
  readonly weights: string;
}

/** Writes them into a folder; nothing is written, and nothing returned, where no round has ended. */
export async function writeModel(
  store: ModelSource,
  row: SessionRow,
  folder: string,
): Promise<ModelFiles | undefined> {
  const files = modelFiles(store, row);
  if (files === undefined) return undefined;
  for (const { name, bytes } of files) await writeWholeFile(join(folder, name), bytes);
  return { model: join(folder, modelName), weights: join(folder, weightsName) };
}

/** The model after the session's last round, weights first; undefined where no round has ended. */
export function modelFiles(
  store: ModelSource,
  row: SessionRow,
): readonly { readonly name: string; readonly bytes: Uint8Array }[] | undefined {
  const last = store.roundSummaries(row.session).at(-1);
  const weights = last && store.model(last.modelHash);
  if (last === undefined || weights === undefined) return undefined;
  const topology = sessionTopology(sessionPlanSchema.parse(JSON.parse(row.plan)));
  const manifest = {
    format: 'layers-model',
    generatedBy: 'Masquerade',
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [
      {
        paths: [weightsName],
        weights: parameterShapes(topology).map(({ layer, name, shape }) => ({
          name: `${layer}/${name}`,
          shape,
          dtype: 'float32',
        })),
      },
    ],
    userDefinedMetadata: { session: row.session, round: last.round, modelSha256: last.modelHash },
  };
  return [
    { name: weightsName, bytes: littleEndian(weights) },
    { name: modelName, bytes: new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`) },
  ];
}

function littleEndian(weights: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * weights.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of weights.entries()) view.setFloat32(4 * index, value, true);
  return bytes;
}
