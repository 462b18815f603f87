/**
 * The models of a session, computed again: the first from topology and seed, each next one from the round's sum and the
 * server optimiser (core/fedavg), bit for bit as the coordinator did. Every hash that was signed must be one of them.
 *
 * Where the plan's rule of aggregation looks at single updates (demonstrations with masks off), they are not in the file: only
 * the first model is computed again, and what was signed is compared with itself.
 */
import { toHex, utf8 } from '../bytes/bytes.ts';
import type { AggregationRule } from '../contract/run-settings.ts';
import type { SessionPlan } from '../contract/session-plan.ts';
import { FederationError } from '../errors/federation-error.ts';
import { applyAggregate, readAggregate, type SummedUpdate, sumFault } from '../fedavg/global-update.ts';
import { clippingNormAfter } from '../fedavg/round-privacy.ts';
import { type ServerOptimiserState, initialServerState } from '../fedavg/server-optimiser.ts';
import { parameterCount } from '../model/architecture.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { canonicalArchitecture } from '../model/model-hash.ts';
import { movingStatistics, type StatisticRange } from '../model/moving-statistics.ts';
import { modelHash } from '../secagg/context.ts';
import type { NoisedUpdate } from '../secagg/noised-sum.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import type { AggregatedUpdate } from '../secagg/quantise.ts';
import '../secagg/little-endian.ts';
import type { AttemptFacts } from './attempts.ts';
import type { Findings } from './findings.ts';
import type { LineOf } from './transcript.ts';

/** A round whose sum is in the transcript. */
export interface SummedRound {
  readonly round: number;
  /** The attempt that gave the sum. */
  readonly attempt: AttemptFacts;
  /** What the sum says beside the update itself. */
  readonly metrics: Omit<AggregatedUpdate, 'meanUpdate'> | Omit<NoisedUpdate, 'meanUpdate'>;
  /** Hash of the model after it, hexadecimal. */
  readonly model: string;
}

interface Chain {
  readonly architecture: Uint8Array;
  readonly statistics: readonly StatisticRange[];
  weights: Float32Array<ArrayBuffer>;
  state: ServerOptimiserState;
  hash: string;
}

export class ModelChain {
  readonly summed: SummedRound[] = [];
  readonly #findings: Findings;
  readonly #attempts: readonly AttemptFacts[];
  /** Undefined when there is no model to begin with. */
  readonly #chain: Chain | undefined;
  readonly #rule: AggregationRule;
  /** C of the last round that was summed. */
  #clippingNorm: number | undefined;
  /** How many attempts' announcements have been compared. */
  #compared = 0;
  /** Models that a sum was released over, with the round. */
  readonly #over = new Map<string, number>();

  /** attempts: all of the session. parameters: of its first epoch. */
  constructor(
    plan: SessionPlan,
    parameters: RoundParameters,
    attempts: readonly AttemptFacts[],
    findings: Findings,
  ) {
    this.#findings = findings;
    this.#attempts = attempts;
    this.#chain = startChain(plan, parameters, findings);
    this.#rule = plan.settings.aggregation;
  }

  /** Models that nobody can compute again from sums. */
  get isByRule(): boolean {
    return this.#attempts.some(({ audited }) => this.#needsUpdates(audited.epoch.parameters));
  }

  #needsUpdates({ masks }: RoundParameters): boolean {
    return this.#rule !== 'mean' && !masks;
  }

  /** Hash of the model after the last sum, hexadecimal. */
  get hash(): string | undefined {
    return this.#chain?.hash;
  }

  /** The sum of a round. */
  add(line: LineOf<'aggregate'>): void {
    const { round, attempt: number } = line;
    const attempt = this.#attempts.find((facts) => facts.round === round && facts.attempt === number);
    const asked = attempt?.audited.line.epoch === line.epoch && attempt.end !== 'abort';
    if (!this.#findings.expect(asked, 'aggregate-unasked', { round, attempt: number })) return;
    this.#compareUntil(round + 1);
    this.#checkRelease(attempt!);
    const { parameters } = attempt!.audited.epoch;
    const sum = readSum(line, parameters);
    if (!this.#findings.expect(sum !== undefined, 'aggregate-malformed', { round })) return;
    const survivors = attempt!.u3?.length ?? 0;
    const clippingNorm = this.#checkNorm(attempt!);
    const update = readAggregate(sum!, parameters, { survivors, clippingNorm });
    const part = sum instanceof Int32Array ? sumFault(sum, update, survivors, parameters) : undefined;
    if (!this.#findings.expect(part === undefined, 'aggregate-implausible', { round, part: part ?? '' }))
      return;
    this.#apply(attempt!, update, parameters);
  }

  /** One sum in a round, none twice over a model, each with enough statements behind it. */
  #checkRelease(facts: AttemptFacts): void {
    const { round, attempt, model, statements, u3 } = facts;
    const { masks, threshold } = facts.audited.epoch.parameters;
    this.#findings.expect(!this.summed.some((other) => other.round === round), 'two-sums', { round });
    const earlier = this.#over.get(model);
    this.#findings.expect(earlier === undefined, 'model-summed-twice', { round, earlier: earlier ?? 0 });
    this.#over.set(model, round);
    const got = masks ? statements : (u3?.length ?? 0);
    const where = { round, attempt, got, needed: threshold };
    this.#findings.expect(got >= threshold, 'too-few-statements', where);
  }

  /** C of the round: where it adapts, as announced, and as it follows from the sum before. 0 without differential privacy. */
  #checkNorm({ round, attempt, clippingNorm, audited }: AttemptFacts): number {
    const { differentialPrivacy: noise } = audited.epoch.parameters;
    if (noise === null) return 0;
    const last = this.summed.at(-1)?.metrics;
    const before = this.#clippingNorm;
    const expected =
      last === undefined || before === undefined || !('withinNorm' in last)
        ? noise.clippingNorm
        : clippingNormAfter(noise, { clippingNorm: before, withinNorm: last.withinNorm });
    const announced = noise.adaptive === null ? noise.clippingNorm : (clippingNorm ?? NaN);
    this.#findings.expect(announced === expected, 'clipping-norm-differs', {
      round,
      attempt,
      found: String(announced),
      expected: String(expected),
    });
    this.#clippingNorm = announced;
    return announced;
  }

  #apply(attempt: AttemptFacts, update: SummedUpdate, parameters: RoundParameters): void {
    const chain = this.#chain;
    const { round } = attempt;
    if (chain?.weights.length !== parameters.parameterCount) return;
    const next = this.#attempts.find((other) => other.round > round);
    if (this.#needsUpdates(parameters)) chain.hash = attempt.result ?? next?.model ?? chain.hash;
    else {
      const step = applyAggregate(update, parameters, chain.weights, chain.state, chain.statistics);
      chain.weights = step.weights;
      chain.state = step.state;
      chain.hash = hashOf(chain.architecture, step.weights);
    }
    const { meanUpdate: _update, ...metrics } = update;
    this.summed.push({ round, attempt, metrics, model: chain.hash });
    if (attempt.result !== undefined)
      this.#findings.expect(attempt.result === chain.hash, 'result-model-differs', { round });
    const signed = attempt.result !== undefined || next !== undefined;
    this.#findings.expect(signed, 'model-unsigned', { round });
  }

  /** Compares the announcements of all rounds before `round` with the model as it is. */
  #compareUntil(round: number): void {
    for (; this.#compared < this.#attempts.length; this.#compared += 1) {
      const facts = this.#attempts[this.#compared]!;
      if (facts.round >= round) return;
      const missing = facts.end === 'result' && facts.round < round - 1;
      if (missing) this.#findings.fault('aggregate-missing', { round: facts.round });
      const same = facts.model === this.#chain?.hash;
      const where = { round: facts.round, attempt: facts.attempt };
      if (this.summed.length === 0) this.#findings.expect(same, 'initial-model-differs', where);
      else this.#findings.expect(same, 'announced-model-differs', where);
    }
  }

  /** After the last sum. */
  finish(): void {
    this.#compareUntil(Infinity);
  }
}

function startChain(plan: SessionPlan, parameters: RoundParameters, findings: Findings): Chain | undefined {
  const { topology } = plan.model;
  const { seed } = plan.settings;
  findings.expect(seed === parameters.seed, 'plan-seed-differs', { found: seed, expected: parameters.seed });
  try {
    const found = parameterCount(topology);
    const expected = parameters.parameterCount;
    if (!findings.expect(found === expected, 'plan-model-size-differs', { found, expected }))
      return undefined;
    const architecture = utf8(canonicalArchitecture(topology));
    const weights = Float32Array.from(initialWeights(topology, seed));
    const state = initialServerState(parameters.serverOptimiser, weights.length);
    const statistics = movingStatistics(topology);
    return { architecture, statistics, weights, state, hash: hashOf(architecture, weights) };
  } catch (error) {
    if (!(error instanceof FederationError)) throw error;
    findings.fault('plan-model-refused', { reason: error.message });
    return undefined;
  }
}

function hashOf(architecture: Uint8Array, weights: Float32Array): string {
  return toHex(
    modelHash(architecture, new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength)),
  );
}

/** Undefined when it is not [vectorLength] numbers of the kind that the parameters ask for. */
function readSum(
  { numbers, sum }: LineOf<'aggregate'>,
  { quantisation, vectorLength }: RoundParameters,
): Int32Array | Float64Array | undefined {
  if (numbers !== (quantisation ? 'int32' : 'float64')) return undefined;
  if (sum.length !== vectorLength * (quantisation ? 4 : 8)) return undefined;
  const { buffer } = sum.slice();
  if (quantisation) return new Int32Array(buffer);
  const floats = new Float64Array(buffer);
  return floats.every(Number.isFinite) ? floats : undefined;
}
