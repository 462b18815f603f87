/** Loads and checks everything that an experiment needs before anything is trained. */
import { utf8 } from '../../core/bytes/bytes.ts';
import { type RunSettings, settledSettings } from '../../core/contract/run-settings.ts';
import { selfTest } from '../../core/crypto/self-test.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { dealExamples, parsePartition } from '../../core/datasets/partition.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { canonicalArchitecture } from '../../core/model/model-hash.ts';
import { statisticCount } from '../../core/model/moving-statistics.ts';
import { isPresetName, presetNames, presetTopology } from '../../core/model/presets.ts';
import { parseTopology } from '../../core/model/topology.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import type { EngineSpeeds } from '../compute/engine-speeds.ts';
import { chooseEngine, engineUsed } from '../compute/engines.ts';
import { dataBytesOf, planProcesses } from '../compute/machine.ts';
import { createComputePool, usefulProcesses } from '../compute/pool.ts';
import { loadDataset } from '../data/load.ts';
import { callerPath } from '../files/caller-path.ts';
import { readTextFile } from '../files/files.ts';
import type { Workbench } from './workbench.ts';

/** What a model must fit of a data set. */
interface ImageShape {
  readonly classNames: readonly string[];
  readonly train: Pick<Dataset['train'], 'height' | 'width' | 'channels'>;
}

/** A preset by name, or a model from a file, fitted to the data. Throws 'invalid-setting' and what reading it throws. */
export async function readModel(
  model: string,
  dataset: ImageShape,
): Promise<{ name: string; topology: ModelTopology }> {
  const { height, width, channels } = dataset.train;
  const data = { height, width, channels, classes: dataset.classNames.length };
  if (isPresetName(model)) return { name: model, topology: presetTopology(model, data) };
  try {
    return { name: model, topology: parseTopology(await readTextFile(callerPath(model)), model, data) };
  } catch (error) {
    if (!(error instanceof FederationError) || error.code !== 'file-not-found') throw error;
    const allowed = `one of ${presetNames.join(', ')}, or the path of a model's JSON file`;
    throw new FederationError(
      'invalid-setting',
      `Cannot use model ${model}, as it must be ${allowed}, and there is no file ${callerPath(model)}.`,
      {
        details: { field: 'model', value: model, allowed },
        blame: 'user',
        action: 'correct',
        cause: error,
      },
    );
  }
}

export interface WorkbenchOptions {
  /** Compute processes give way to what a person sees. */
  readonly background?: boolean;
  /** Of this machine: for the choice of an engine; without, the one that is usually fastest is taken. */
  readonly engineSpeeds?: EngineSpeeds | undefined;
}

/**
 * Loads and checks everything before any training, and only then starts the compute processes: no more than there can
 * be work for. The caller closes the pool. onReplaced: why a compute process died, whose work another does again.
 */
export async function openWorkbench(
  given: RunSettings,
  onReplaced: (reason: string) => void,
  { background = false, engineSpeeds }: WorkbenchOptions = {},
): Promise<Workbench> {
  const settings = settledSettings(given);
  selfTest(settings.keyAgreement);
  const partition = parsePartition(settings.partition);
  const dataset = await loadDataset(settings.dataset);
  const { name, topology } = await readModel(settings.model, dataset);
  const parts = dealExamples(partition, {
    labels: dataset.train.labels,
    clients: settings.clients,
    examplesPerClient: settings.examplesPerClient,
    seed: settings.seed,
  });
  const parameters = planParameters(settings, {
    parameterCount: parameterCount(topology),
    movingStatistics: statisticCount(topology) > 0,
    largestCount: Math.max(...parts.map((part) => part.length)),
    datasetDigest: dataset.digest,
  });
  const chosen = await chooseEngine(topology, {
    asked: settings.engine,
    measure: engineSpeeds?.of({ name, topology, batch: settings.batch }),
  });
  const { engine } = chosen;
  const plan = planProcesses({
    engine: engine.name,
    dataBytes: dataBytesOf(dataset),
    parameters: parameters.parameterCount,
    useful: usefulProcesses(settings.clients, dataset.test.count),
    asked: settings.processes,
  });
  const replacements: string[] = [];
  const pool = createComputePool({
    processes: plan.processes,
    dataset: settings.dataset,
    testCount: dataset.test.count,
    topology,
    engine,
    batchSize: settings.batch,
    background,
    onReplaced: (why) => {
      replacements.push(why);
      onReplaced(why);
    },
  });
  return {
    settings,
    dataset,
    modelName: name,
    topology,
    architecture: utf8(canonicalArchitecture(topology)),
    parameterCount: parameters.parameterCount,
    parts,
    parameters,
    pool,
    replacements,
    engine: engineUsed(chosen, plan),
  };
}
