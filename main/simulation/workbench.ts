/** What every part of an experiment stands on: the data, the model, the engine, and processes that train. */
import { availableParallelism, cpus } from 'node:os';
import type { EngineUsed } from '../../core/contract/engines.ts';
import type { RunEnvironment, SimulationResult } from '../../core/contract/run-result.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { architectureSha256 } from '../../core/model/model-hash.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { ComputePool } from '../compute/pool.ts';

export interface Workbench {
  readonly settings: RunSettings;
  readonly dataset: Dataset;
  readonly modelName: string;
  readonly topology: ModelTopology;
  /** Canonical bytes: model hashes begin with them. */
  readonly architecture: Uint8Array;
  readonly parameterCount: number;
  /** Which training images each client has; client v is element v - 1. */
  readonly parts: readonly Uint32Array[];
  /** Planned from the settings and what they brought. */
  readonly parameters: RoundParameters;
  readonly pool: ComputePool;
  /** Why compute processes died so far, whose work others did again; grows. */
  readonly replacements: readonly string[];
  /** What trains, how it was chosen, and in how many processes. */
  readonly engine: EngineUsed;
}

/** Parts of every result that only depend on the workbench. */
export function describeWorkbench(bench: Workbench): Pick<SimulationResult, 'dataset' | 'model' | 'engine'> {
  const { dataset, topology, engine } = bench;
  return {
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      classNames: dataset.classNames,
      train: dataset.train.count,
      test: dataset.test.count,
    },
    model: {
      name: bench.modelName,
      parameters: bench.parameterCount,
      architectureSha256: architectureSha256(topology),
    },
    engine,
  };
}

export function describeEnvironment(version: string): RunEnvironment {
  return {
    masquerade: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
}
