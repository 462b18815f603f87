/**
 * What each client checks by itself before it confirms parameters, and again when a round announces them. Nothing that
 * the coordinator derived is believed: thresholds and widths are computed again.
 */
import { FederationError, isFederationError } from '../errors/federation-error.ts';
import type { PrivacyPlan } from '../privacy/mechanism.ts';
import {
  COMPLETE_GRAPH_LIMIT,
  SPARSE_GRAPH_LIMIT,
  sparseParameters,
  type Tolerance,
} from './graph-security.ts';
import { type NoiseParameters, type RoundParameters, roundParametersSchema } from './parameters.ts';
import { noiseParameters, planNoise } from './privacy-plan.ts';
import { LEAST_EXPECTED_HONEST, colludersTolerated, leastThreshold } from './quorum.ts';
import { bitsFor, largestSlot } from './quantise.ts';
import { vectorLengthOf } from './vector-layout.ts';

/** What a participant insists on. */
export interface Floors {
  /** Fewest clients in the roster. */
  readonly clients: number;
  /** % corrupt/dropping out that a sparse graph must be laid out for at least. */
  readonly tolerate: Tolerance;
  /** True when the participant agreed to a demonstration: protections may then be off. */
  readonly demonstration: boolean;
}

export const defaultFloors: Floors = { clients: 3, tolerate: '10/10', demonstration: false };

/** The first rule that the parameters break; undefined when a client may take part. */
export function checkFloors(
  parameters: RoundParameters,
  floors: Floors,
): FederationError<'parameters-refused'> | undefined {
  if (!roundParametersSchema.safeParse(parameters).success) {
    return refusal('well-formed', 'parameters', 'of the schema of this version', 'not');
  }
  for (const rule of rules) {
    const broken = rule(parameters, floors);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

type Rule = (
  parameters: RoundParameters,
  floors: Floors,
) => FederationError<'parameters-refused'> | undefined;

const rules: readonly Rule[] = [
  ({ clients }, floors) =>
    clients >= floors.clients && clients <= SPARSE_GRAPH_LIMIT
      ? undefined
      : refusal('roster-size', 'clients', `in ${floors.clients} .. ${SPARSE_GRAPH_LIMIT}`, clients),
  ({ clients, threshold }) =>
    threshold >= leastThreshold(clients) && threshold <= clients
      ? undefined
      : refusal('quorum', 'threshold', `in ${leastThreshold(clients)} .. ${clients}`, threshold),
  checkGraph,
  checkNoise,
  checkWidth,
  ({ clients, fraction }) => {
    const expected = fraction * (clients - colludersTolerated(clients));
    return fraction === 1 || expected >= LEAST_EXPECTED_HONEST
      ? undefined
      : refusal(
          'fraction',
          'fraction',
          `1, or leave ${LEAST_EXPECTED_HONEST} honest clients on average`,
          fraction,
        );
  },
  ({ masks, signatures, quantisation, demonstration }, floors) => {
    if (demonstration && !floors.demonstration) {
      return refusal('demonstration', 'demonstration', 'off unless agreed to', 'on');
    }
    const off = Object.entries({ masks, signatures, quantisation }).find(([, on]) => !on)?.[0];
    return off === undefined || demonstration
      ? undefined
      : refusal('protections', off, 'on unless in a demonstration', 'off');
  },
  ({ masks, quantisation }) =>
    quantisation || !masks
      ? undefined
      : refusal('protections', 'quantisation', 'on while masks are on', 'off'),
];

function checkGraph(
  parameters: RoundParameters,
  floors: Floors,
): FederationError<'parameters-refused'> | undefined {
  const { clients, threshold, graph, neighbours, neighbourThreshold, tolerate } = parameters;
  if (clients <= COMPLETE_GRAPH_LIMIT) {
    if (graph !== 'complete') return refusal('graph', 'graph', 'complete for so few clients', graph);
    if (tolerate !== null) return refusal('graph', 'tolerate', 'left out on the complete graph', tolerate);
    if (neighbours !== clients) return refusal('graph', 'neighbours', `${clients}`, neighbours);
    return neighbourThreshold === threshold
      ? undefined
      : refusal('neighbour-threshold', 'neighbourThreshold', `${threshold}`, neighbourThreshold);
  }
  if (graph !== 'sparse' || tolerate === null)
    return refusal('graph', 'graph', 'sparse for so many clients', graph);
  if (corruptShare(tolerate) < corruptShare(floors.tolerate)) {
    return refusal('tolerance', 'tolerate', `at least ${floors.tolerate}`, tolerate);
  }
  const least = sparseParameters(clients, tolerate);
  if (neighbours !== least?.neighbours)
    return refusal('graph', 'neighbours', `${least?.neighbours}`, neighbours);
  return neighbourThreshold === least.threshold
    ? undefined
    : refusal('neighbour-threshold', 'neighbourThreshold', `${least.threshold}`, neighbourThreshold);
}

function corruptShare(tolerance: Tolerance): number {
  return Number.parseInt(tolerance, 10);
}

/** The inequality 2 n M + 1 <= 2^bits over all slots; and the layout. With noise, checkNoise() has seen to both. */
function checkWidth(parameters: RoundParameters): FederationError<'parameters-refused'> | undefined {
  const { clients, bits, parameterCount, vectorLength, differentialPrivacy } = parameters;
  if (differentialPrivacy !== null) return undefined;
  const needed = bitsFor(clients, largestSlot(parameters));
  if (bits < needed) return refusal('width', 'bits', `at least ${needed}`, bits);
  return vectorLength === vectorLengthOf(parameterCount)
    ? undefined
    : refusal('layout', 'vectorLength', `${vectorLengthOf(parameterCount)}`, vectorLength);
}

/**
 * Everything that follows from what was chosen (z, C, delta, quantile) is derived anew and must be the same: h, the grid,
 * D, s^2, the width, and a layout without counts. Weights that differ would be counts in another form.
 */
function checkNoise(parameters: RoundParameters): FederationError<'parameters-refused'> | undefined {
  const { differentialPrivacy: told, weights, weightCap, masks, signatures, clipBound, scale } = parameters;
  if (told === null) return undefined;
  if (weights !== 'uniform' || weightCap !== 1) return refusal('noise', 'weights', 'uniform', weights);
  const off = Object.entries({ masks, signatures }).find(([, on]) => !on)?.[0];
  if (off !== undefined) return refusal('noise', off, 'on', 'off');
  const plan = plannedOr(parameters, told);
  if (plan === undefined) return refusal('noise', 'noiseMultiplier', 'one that fits', told.noiseMultiplier);
  const derived = noiseParameters(plan);
  const wholes = ['honest', 'clipUnits', 'countUnits', 'squaredSensitivity', 'variance'] as const;
  for (const field of wholes)
    if (told[field] !== derived[field]) return refusal('noise', field, `${derived[field]}`, told[field]);
  for (const field of ['learningRate', 'countNoise'] as const) {
    const [found, expected] = [told.adaptive?.[field] ?? 0, derived.adaptive?.[field] ?? 0];
    if (found !== expected) return refusal('noise', field, `${expected}`, found);
  }
  const layout = { vectorLength: plan.vectorLength, bits: plan.bits } as const;
  for (const field of ['vectorLength', 'bits'] as const)
    if (parameters[field] !== layout[field])
      return refusal('noise', field, `${layout[field]}`, parameters[field]);
  if (clipBound !== told.clippingNorm)
    return refusal('noise', 'clipBound', `${told.clippingNorm}`, clipBound);
  const units = plan.clipUnits / told.clippingNorm;
  return scale === units ? undefined : refusal('noise', 'scale', `${units}`, scale);
}

/** Undefined where no plan has such noise. */
function plannedOr(parameters: RoundParameters, told: NoiseParameters): PrivacyPlan | undefined {
  try {
    return planNoise(parameters, { ...told, quantile: told.adaptive?.quantile ?? null });
  } catch (error) {
    if (isFederationError(error)) return undefined;
    throw error;
  }
}

function refusal(
  rule: string,
  field: string,
  allowed: string,
  value: string | number,
): FederationError<'parameters-refused'> {
  return new FederationError(
    'parameters-refused',
    `Cannot take part, as ${field} must be ${allowed}, and is ${value}.`,
    {
      details: { rule, field, allowed, value },
      blame: 'coordinator',
      action: 'abort',
    },
  );
}
