/**
 * Takes the place of data, engine and compute process where hundreds take part in one process: "training" gives the
 * weights that it was given, and a little noise. All else of a participant is the real one.
 */
import { utf8 } from '../../core/bytes/bytes.ts';
import type { TrainingTask } from '../../core/model/engine.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import { statisticCount } from '../../core/model/moving-statistics.ts';
import { canonicalArchitecture } from '../../core/model/model-hash.ts';
import { parseTopology } from '../../core/model/topology.ts';
import { streamFromState } from '../../core/random/generator.ts';
import type { ComputePool, TrainingReport } from '../../main/compute/pool.ts';
import type { prepare } from '../../main/participant/preparation.ts';
import { loadParticipantData, type ParticipantData } from '../../main/session/own-data.ts';

const noise = 1e-3;

/**
 * For each of those who take part here what prepare() is for one, with the data loaded once for all. stalls: true while a
 * participant does not finish training.
 */
export function standInPreparations(): (stalls?: () => boolean) => typeof prepare {
  let data: Promise<ParticipantData> | undefined;
  return (stalls = () => false) =>
    prepareWith((plan, choice) => (data ??= loadParticipantData(plan, choice)), stalls);
}

function prepareWith(load: typeof loadParticipantData, stalls: () => boolean): typeof prepare {
  return async (plan, options) => {
    const loaded = await load(plan, options.data);
    const { height, width, channels, classNames } = plan.data;
    const shape = { height, width, channels, classes: classNames.length };
    const topology = parseTopology(JSON.stringify(plan.model.topology), 'the model', shape);
    return {
      basis: {
        plan,
        parameterCount: parameterCount(topology),
        movingStatistics: statisticCount(topology),
        labels: plan.data.mode === 'dealt' ? loaded.dataset.train.labels : undefined,
      },
      data: loaded,
      topology,
      architecture: utf8(canonicalArchitecture(topology)),
      pool: standInPool(stalls),
      engine: { name: 'none', variant: '', processes: 0 },
      engineNote: { text: 'no engine: the weights come back with a little noise' },
    };
  };
}

function standInPool(stalls: () => boolean): ComputePool {
  return {
    get engine(): never {
      throw new Error('there is no engine');
    },
    processes: 0,
    pids: [],
    train: (task) => (stalls() ? new Promise(() => undefined) : Promise.resolve(noisy(task))),
    evaluate: () => Promise.reject(new Error('a participant evaluates nothing')),
    close: () => Promise.resolve(),
  };
}

function noisy({ weights, indices, shuffleState }: TrainingTask): TrainingReport {
  const stream = streamFromState(shuffleState);
  const moved = weights.map((value) => value + noise * (stream.nextFloat() - 0.5));
  const result = {
    weights: moved,
    loss: 1,
    accuracy: 0.5,
    steps: 1,
    examples: indices.length,
    epochWeights: [],
  };
  return { result, cpuMs: 0, seconds: 0 };
}
