/**
 * The coordinator's round, phase by phase (Bonawitz et al. 2017, figure 4): what it makes of each complete collection,
 * and what it asks the clients next. Every phase needs T clients, and in the sparse graph t neighbours for each.
 */
import { concatBytes, float64Bytes } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type ClientSet, encodeClientSet, isSubset } from '../wire/client-set.ts';
import { sealMessage } from '../wire/envelope.ts';
import { hasEnoughNeighbours } from './client-keys.ts';
import { advertsDigest, clientSetDigest, contextDigest, statementDigest } from './context.ts';
import type { Aggregate, CoordinatorEffect, CoordinatorEnvironment, Model } from './coordinator-events.ts';
import type {
  CollectingState,
  CoordinatorAttempt,
  CoordinatorIn,
  CoordinatorRecord,
  DealtShares,
  RunningSum,
  SharedKeys,
} from './coordinator-state.ts';
import {
  type CoordinatorStep,
  abort,
  awaitEffect,
  awaiting,
  broadcast,
  report,
  sendBytes,
} from './coordinator-steps.ts';
import type { Epoch } from './epoch.ts';
import { ciphertextBytes } from './key-schedule.ts';
import { reduce } from './masks.ts';
import { centredLift } from './quantise.ts';
import { unmaskSum } from './unmask.ts';

/** Announces an attempt to everyone in the roster: whoever chose the cohort could choose the colluders. */
export function beginAttempt(
  record: CoordinatorRecord,
  model: Model,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const { epoch } = environment;
  const { round, attempt: number } = record;
  const position = { session: epoch.roster.session, round, attempt: number };
  const clippingNorm = model.clippingNorm === undefined ? undefined : float64Bytes(model.clippingNorm);
  const context = contextDigest({
    ...position,
    rosterDigest: epoch.rosterDigest,
    parametersDigest: epoch.parametersDigest,
    model: model.hash,
    clippingNorm,
  });
  const attempt: CoordinatorAttempt = {
    position,
    model,
    context,
    waiting: new Set(epoch.everyone),
    gone: new Set(),
    lastSent: new Map(),
    received: new Map(),
  };
  const body = {
    parameters: epoch.parametersDigest,
    roster: epoch.rosterDigest,
    model: model.hash,
    modelBytes: model.weights.length,
    ...(clippingNorm === undefined ? {} : { clippingNorm }),
  };
  const state: CollectingState = epoch.parameters.masks
    ? { phase: 'advertise-keys', record, attempt, adverts: new Map(), seenKeys: new Set() }
    : {
        phase: 'masked-input',
        record,
        attempt,
        keys: undefined,
        sum: emptySum(epoch, environment.keepsVectors),
        inputs: new Map(),
      };
  const effects: CoordinatorEffect[] = [
    { kind: 'persist', record },
    broadcast('announcement', body, epoch.everyone, attempt, environment, model.weights),
    awaitEffect(state.phase, attempt),
  ];
  if (number > 1) effects.unshift(report('retried', state));
  return { state, effects };
}

function emptySum({ parameters }: Epoch, keepsVectors = false): RunningSum {
  if (!parameters.quantisation) return { kind: 'float', vectors: new Map() };
  const vector = new Uint32Array(parameters.vectorLength);
  return keepsVectors ? { kind: 'masked', vector, vectors: new Map() } : { kind: 'masked', vector };
}

/** Nobody is waited for any longer: goes on with those who answered, if they are enough. */
export function advance(state: CollectingState, environment: CoordinatorEnvironment): CoordinatorStep {
  switch (state.phase) {
    case 'advertise-keys':
      return relayAdverts(state, environment);
    case 'share-keys':
      return relayShares(state, environment);
    case 'masked-input':
      return state.keys === undefined
        ? sumPlainInputs(state, environment)
        : askForStatements({ ...state, keys: state.keys }, environment);
    case 'statement':
      return relayStatements(state, environment);
    case 'unmask':
      return unmask(state, environment);
  }
}

/** The abort that too few clients, or the loss of a survivor already signed for, lead to; undefined when all is well. */
function tooFew(
  state: CollectingState,
  present: ClientSet,
  environment: CoordinatorEnvironment,
): CoordinatorStep | undefined {
  const { parameters } = environment.epoch;
  const got = present.length;
  if (got < parameters.threshold) {
    return abort(state, 'below-threshold', environment, { needed: parameters.threshold, got });
  }
  const { signed } = state.record;
  if (signed !== null && !isSubset(signed, present)) {
    return abort(state, 'survivors-differ', environment, { needed: signed.length, got });
  }
  if (parameters.graph === 'complete' || !parameters.masks) return undefined;
  const set = new Set(present);
  const starved = present.filter((client) => !hasEnoughNeighbours(client, set, environment.epoch));
  if (starved.length === 0) return undefined;
  return abort(state, 'neighbourhood-starved', environment, { needed: 0, got: starved.length });
}

function increasing(clients: Iterable<number>): ClientSet {
  return [...clients].sort((one, other) => one - other);
}

// 1. Advertise keys

function relayAdverts(
  state: CoordinatorIn<'advertise-keys'>,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const u1 = increasing(state.adverts.keys());
  const failed = tooFew(state, u1, environment);
  if (failed !== undefined) return failed;
  const adverts = new Map(u1.map((client) => [client, state.adverts.get(client)!]));
  const listed = [...adverts.values()];
  const attempt = awaiting(state.attempt, u1);
  const body = { adverts: listed.map((advert) => advert.bytes) };
  return {
    state: {
      phase: 'share-keys',
      record: state.record,
      attempt,
      u1,
      u1Digest: advertsDigest(listed.map((advert) => advert.digest)),
      adverts,
      dealt: new Map(),
    },
    effects: [broadcast('key-adverts', body, u1, attempt, environment), awaitEffect('share-keys', attempt)],
  };
}

// 2. Share keys

/** Who holds a dealer's shares, itself left out: its neighbours in U1, by increasing client. */
export function holdersOf(dealer: number, u1: ReadonlySet<number>, epoch: Epoch): ClientSet {
  return epoch.neighbours(dealer).filter((holder) => holder !== dealer && u1.has(holder));
}

function relayShares(
  state: CoordinatorIn<'share-keys'>,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const { epoch, signer } = environment;
  const n = epoch.everyone.length;
  const u2 = increasing(state.dealt.keys());
  const failed = tooFew(state, u2, environment);
  if (failed !== undefined) return failed;
  const attempt = awaiting(state.attempt, state.record.signed ?? u2);
  const inboxes = sortCiphertexts(u2, state.u1, state.dealt, epoch);
  const digests = concatBytes(...[...inboxes.values()].map((inbox) => sha256(inbox)));
  // signed once for all: each finds the digest of its own ciphertexts in it
  const body = { u2: encodeClientSet(u2, n), digests };
  const common = sealMessage('relayed-shares', attempt.position, body, signer);
  const sends = u2.map((client) => sendBytes(concatBytes(common, inboxes.get(client)!), [client], attempt));
  const keys: SharedKeys = {
    u1: state.u1,
    u1Digest: state.u1Digest,
    u2,
    u2Digest: clientSetDigest(u2, n),
    maskKeys: new Map(u2.map((client) => [client, state.adverts.get(client)!.maskKey])),
    commitments: new Map(u2.map((client) => [client, state.dealt.get(client)!.commitment])),
  };
  return {
    state: {
      phase: 'masked-input',
      record: state.record,
      attempt,
      keys,
      sum: emptySum(epoch),
      inputs: new Map(),
    },
    effects: [...sends, awaitEffect('masked-input', attempt)],
  };
}

/** For each client of U2 the ciphertexts meant for it, by increasing dealer. */
function sortCiphertexts(
  u2: ClientSet,
  u1: ClientSet,
  dealt: ReadonlyMap<number, DealtShares>,
  epoch: Epoch,
): Map<number, Uint8Array> {
  const inU1 = new Set(u1);
  const parts = new Map(u2.map((client): [number, Uint8Array[]] => [client, []]));
  for (const dealer of u2) {
    const { ciphertexts } = dealt.get(dealer)!;
    holdersOf(dealer, inU1, epoch).forEach((holder, index) => {
      parts.get(holder)?.push(ciphertexts.subarray(ciphertextBytes * index, ciphertextBytes * (index + 1)));
    });
  }
  return new Map(u2.map((client) => [client, concatBytes(...parts.get(client)!)]));
}

// 3. Masked inputs

type MaskedInputState = CoordinatorIn<'masked-input'>;

function askForStatements(
  state: MaskedInputState & { readonly keys: SharedKeys },
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const { epoch } = environment;
  const n = epoch.everyone.length;
  const u3 = increasing(state.inputs.keys());
  const failed = tooFew(state, u3, environment);
  if (failed !== undefined) return failed;
  const { keys, sum } = state;
  const record = { ...state.record, signed: u3 };
  const attempt = awaiting(state.attempt, u3);
  const maskedInputs =
    epoch.parameters.graph === 'sparse' ? u3.map((client) => state.inputs.get(client)!) : [];
  const body = { u3: encodeClientSet(u3, n), maskedInputs };
  const statement = statementDigest(attempt.context, keys.u1Digest, keys.u2, u3, n);
  return {
    state: { phase: 'statement', record, attempt, keys, sum, u3, statement, statements: new Map() },
    effects: [
      // before the question leaves: whoever is asked may have signed, whether or not its statement ever comes
      { kind: 'persist', record },
      broadcast('statement-request', body, u3, attempt, environment),
      awaitEffect('statement', attempt),
    ],
  };
}

/** Nothing is masked (demonstrations only): the sum is there. */
function sumPlainInputs(state: MaskedInputState, environment: CoordinatorEnvironment): CoordinatorStep {
  const u3 = increasing(state.inputs.keys());
  const failed = tooFew(state, u3, environment);
  if (failed !== undefined) return failed;
  return release(state, { u1: [], u2: [], u3, u4: [] }, environment);
}

// 4. Statements

function relayStatements(
  state: CoordinatorIn<'statement'>,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const { threshold } = environment.epoch.parameters;
  const { record, keys, sum, u3 } = state;
  const signers = increasing(state.statements.keys());
  if (signers.length < threshold) {
    return abort(state, 'below-threshold', environment, { needed: threshold, got: signers.length });
  }
  const attempt = awaiting(state.attempt, signers);
  // T are enough for everyone, and more would only cost traffic
  const statements = signers.slice(0, threshold).map((client) => state.statements.get(client)!);
  return {
    state: { phase: 'unmask', record, attempt, keys, sum, u3, reveals: new Map() },
    effects: [
      broadcast('signed-statements', { statements }, signers, attempt, environment),
      awaitEffect('unmask', attempt),
    ],
  };
}

// 5. Unmask

function unmask(state: CoordinatorIn<'unmask'>, environment: CoordinatorEnvironment): CoordinatorStep {
  const { threshold } = environment.epoch.parameters;
  const { keys, u3, sum } = state;
  const u4 = increasing(state.reveals.keys());
  const counts = { needed: threshold, got: u4.length };
  if (u4.length < threshold) return abort(state, 'below-threshold', environment, counts);
  if (sum.kind !== 'masked') throw new TypeError('a masked round has an integer sum');
  const reveals = new Map(u4.map((client) => [client, state.reveals.get(client)!]));
  const masked = { sum: sum.vector, context: state.attempt.context, keys, u3, reveals };
  const unmasked = unmaskSum(masked, environment);
  if (!unmasked.ok) return abort(state, unmasked.reason, environment, counts);
  const needed = environment.epoch.parameters.neighbourThreshold;
  const recovered = unmasked.value.recovered.map((client) => {
    const shares = [...reveals.values()].filter((revealed) => revealed.has(client)).length;
    return report('recovered', state, { client, detail: { shares, needed } });
  });
  const released = release(state, { u1: keys.u1, u2: keys.u2, u3, u4 }, environment);
  return { state: released.state, effects: [...recovered, ...released.effects] };
}

// 6. Aggregate

interface Participation {
  readonly u1: ClientSet;
  readonly u2: ClientSet;
  readonly u3: ClientSet;
  readonly u4: ClientSet;
}

function release(
  state: CoordinatorIn<'unmask'> | MaskedInputState,
  participation: Participation,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const { epoch } = environment;
  const { record, attempt } = state;
  const { round, attempt: number } = attempt.position;
  const sum = finishSum(state.sum, participation.u3, epoch);
  const kept = keptVectors(state.sum, participation.u3, environment);
  const released = { phase: 'aggregate', record, attempt, u3: participation.u3 } as const;
  return {
    state: released,
    effects: [
      report('aggregated', released, { detail: { survivors: participation.u3.length } }),
      { kind: 'aggregate', aggregate: { round, attempt: number, ...participation, sum, ...kept } },
    ],
  };
}

/** What the sum is of, where nothing is masked and whoever runs the machine wants to look at each (demonstrations only). */
function keptVectors(
  { vectors }: RunningSum,
  u3: ClientSet,
  { epoch, keepsVectors }: CoordinatorEnvironment,
): Pick<Aggregate, 'vectors'> {
  if (vectors === undefined || keepsVectors !== true || epoch.parameters.masks) return {};
  return { vectors: new Map(u3.map((client) => [client, vectors.get(client)!])) };
}

/** Exact integers; or float64 sums in roster order, so that they do not depend on who was fast. */
function finishSum(sum: RunningSum, u3: ClientSet, epoch: Epoch): Int32Array | Float64Array {
  if (sum.kind === 'masked') {
    reduce(sum.vector, epoch.parameters.bits);
    return centredLift(sum.vector, epoch.parameters.bits);
  }
  const total = new Float64Array(epoch.parameters.vectorLength);
  for (const client of u3) {
    const vector = sum.vectors.get(client)!;
    for (let index = 0; index < total.length; index += 1) total[index]! += vector[index]!;
  }
  return total;
}

/** Ends the round with the new model, for everyone. Flushed first: clients take up nothing of a round that is over. */
export function publishModel(
  state: CoordinatorIn<'aggregate'>,
  model: Model,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const body = { model: model.hash, modelBytes: model.weights.length };
  const { everyone } = environment.epoch;
  const attempt = { ...state.attempt, gone: new Set<number>() };
  const record = { ...state.record, closed: state.record.round };
  return {
    state: { phase: 'idle', record, retry: undefined },
    effects: [
      { kind: 'persist', record },
      broadcast('result', body, everyone, attempt, environment, model.weights),
    ],
  };
}
