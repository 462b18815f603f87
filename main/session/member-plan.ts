/**
 * From a session's plan to the parameters of an epoch with so many members. Coordinator and participants derive them by
 * themselves; the digest of what each has derived is compared when the lobby closes.
 */
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { dealExamples, parsePartition } from '../../core/datasets/partition.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { statisticCount } from '../../core/model/moving-statistics.ts';
import { parseTopology } from '../../core/model/topology.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { planParameters, UNKNOWN_LARGEST_COUNT } from '../../core/secagg/plan-parameters.ts';

/** What stands for the partition where everyone brings their own data. */
const OWN_DATA = 'own';

export interface PlanBasis {
  readonly plan: SessionPlan;
  /** d */
  readonly parameterCount: number;
  /** How many of them are moving statistics. */
  readonly movingStatistics: number;
  /** Of the training images that are dealt; undefined where everyone brings their own. */
  readonly labels: Uint8Array | undefined;
}

/** The model of the plan, as everyone reads it: through JSON. Throws what parseTopology() throws. */
export function planTopology({ model, data }: SessionPlan): ModelTopology {
  const { height, width, channels, classNames } = data;
  const images = { height, width, channels, classes: classNames.length };
  return parseTopology(JSON.stringify(model.topology), "the session's model", images);
}

/** topology: planTopology() of the plan. */
export function planBasis(plan: SessionPlan, topology: ModelTopology, dataset: Dataset): PlanBasis {
  return {
    plan,
    parameterCount: parameterCount(topology),
    movingStatistics: statisticCount(topology),
    labels: plan.data.mode === 'dealt' ? dataset.train.labels : undefined,
  };
}

/**
 * Which training images each member has, by number; undefined where everyone brings their own.
 * Throws 'partition-impossible' when there are too few.
 */
export function dealtParts({ plan, labels }: PlanBasis, members: number): Uint32Array[] | undefined {
  if (labels === undefined) return undefined;
  const { partition, examplesPerClient, seed } = plan.settings;
  return dealExamples(parsePartition(partition), { labels, clients: members, examplesPerClient, seed });
}

/** Most images of one member that the epoch's parameters are laid out for. Throws as dealtParts() does. */
export function mostImages(basis: PlanBasis, members: number): number {
  const parts = dealtParts(basis, members);
  return parts === undefined ? UNKNOWN_LARGEST_COUNT : Math.max(...parts.map((part) => part.length));
}

/** Throws 'invalid-setting' and 'partition-impossible' for a number of members that the plan does not allow. */
export function memberParameters(basis: PlanBasis, members: number): RoundParameters {
  const { plan, parameterCount } = basis;
  const { settings, data } = plan;
  const parts = dealtParts(basis, members);
  return planParameters(
    {
      ...settings,
      clients: members,
      dataset: data.name,
      partition: parts === undefined ? OWN_DATA : settings.partition,
      examplesPerClient: parts === undefined ? undefined : settings.examplesPerClient,
    },
    {
      parameterCount,
      movingStatistics: basis.movingStatistics > 0,
      ...(parts === undefined
        ? {}
        : { largestCount: Math.max(...parts.map((part) => part.length)), datasetDigest: data.digest }),
      demonstration: plan.demonstration,
    },
  );
}
