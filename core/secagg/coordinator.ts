/**
 * The coordinator of secure aggregation (Bonawitz et al. 2017, figure 4, active-adversary version) as a pure state
 * machine. In each phase it collects the clients' messages until all have come or a timeout says to go on; then it goes
 * on if enough are left. This file collects; what follows from a complete collection is in coordinator-round.ts.
 *
 * Each masked vector is added to one running sum when it comes, and dropped. A step consumes its state. Where nothing is
 * masked, each may be kept until the sum is out (keepsVectors): the sum is the same, and stands beside them.
 */
import { equalBytes, toHex } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { decodeClientSet } from '../wire/client-set.ts';
import { type Keyring, type Opened, openMessage, peekType } from '../wire/envelope.ts';
import { readHeader } from '../wire/header.ts';
import type { MessageType } from '../wire/messages.ts';
import { type Checked, type Refusal, accepted, refused } from '../wire/refusal.ts';
import { advertDigest } from './context.ts';
import type {
  CoordinatorEffect,
  CoordinatorEnvironment,
  CoordinatorEvent,
  Model,
} from './coordinator-events.ts';
import { advance, beginAttempt, holdersOf, publishModel } from './coordinator-round.ts';
import {
  type CollectingState,
  type CoordinatorIn,
  type CoordinatorRecord,
  type CoordinatorState,
  type RunningSum,
  freshCoordinatorRecord,
} from './coordinator-state.ts';
import { type CoordinatorStep, abort, report, retryRule, turnedDown } from './coordinator-steps.ts';
import type { Epoch } from './epoch.ts';
import { ciphertextBytes, shareBytes } from './key-schedule.ts';
import { addPacked, unpackBits } from './packing.ts';

/**
 * A coordinator at the start of a session, or of its process with the record that it kept. `model`: that of the round
 * which the record says was interrupted, so that it can be tried again; without it, or after a round that has ended,
 * there is nothing to retry.
 */
export function createCoordinator(
  record: CoordinatorRecord = freshCoordinatorRecord,
  model?: Model,
): CoordinatorState {
  const interrupted = record.round > record.closed;
  const retry = interrupted && model !== undefined ? { model, rule: retryRule(record) } : undefined;
  return { phase: 'idle', record, retry };
}

/** What the coordinator does about an event. */
export function coordinatorStep(
  state: CoordinatorState,
  event: CoordinatorEvent,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  switch (event.kind) {
    case 'begin':
      return begin(state, event.round, event.model, environment);
    case 'retry':
      return retry(state, environment);
    case 'message':
      return receive(state, event.from, event.bytes, environment);
    case 'timeout':
      return timeOut(state, event.phase, environment);
    case 'reconnected':
      return sendAgain(state, event.client);
    case 'publish':
      return state.phase === 'aggregate'
        ? publishModel(state, event.model, environment)
        : turnedDown(state, 'not-expected');
    case 'reject':
      return state.phase === 'aggregate'
        ? abort(state, 'aggregate-implausible', environment, nothingCounted, { field: event.fault })
        : turnedDown(state, 'not-expected');
    case 'cancel':
      return isCollecting(state)
        ? abort(state, 'cancelled', environment, nothingCounted)
        : turnedDown(state, 'not-expected');
  }
}

const nothingCounted = { needed: 0, got: 0 };

function begin(
  state: CoordinatorState,
  round: number,
  model: Model,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  if (state.phase !== 'idle') return turnedDown(state, 'not-expected');
  if (round <= state.record.round) return turnedDown(state, 'stale-round');
  return beginAttempt({ ...state.record, round, attempt: 1, signed: null }, model, environment);
}

/** A new attempt at an aborted round, unless the round is burnt. */
function retry(state: CoordinatorState, environment: CoordinatorEnvironment): CoordinatorStep {
  if (state.phase !== 'idle' || state.retry === undefined || state.retry.rule === 'burnt') {
    return turnedDown(state, 'not-expected');
  }
  const record = { ...state.record, attempt: state.record.attempt + 1 };
  return beginAttempt(record, state.retry.model, environment);
}

function timeOut(
  state: CoordinatorState,
  phase: string,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  if (!isCollecting(state) || state.phase !== phase) return turnedDown(state, 'not-expected');
  const dropped = [...state.attempt.waiting].map((client) => report('dropped', state, { client }));
  const next = advance(state, environment);
  return { state: next.state, effects: [...dropped, ...next.effects] };
}

function sendAgain(state: CoordinatorState, client: number): CoordinatorStep {
  const bytes = state.phase === 'idle' ? undefined : state.attempt.lastSent.get(client);
  if (bytes === undefined) return turnedDown(state, 'not-expected', client);
  return { state, effects: [{ kind: 'send', to: [client], bytes }] };
}

function isCollecting(state: CoordinatorState): state is CollectingState {
  return state.phase !== 'idle' && state.phase !== 'aggregate';
}

function receive(
  state: CoordinatorState,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  const type = peekType(bytes);
  if (!type.ok) return refuse(state, from, type.reason);
  if (type.value === 'sighting') return relaySighting(state, from, bytes, environment);
  if (!isCollecting(state)) return refuse(state, from, 'wrong-phase');
  if (type.value === 'withdrawal') return receiveWithdrawal(state, from, bytes, environment);
  if (type.value !== collectedTypes[state.phase]) return refuse(state, from, 'wrong-phase');
  const collected = collect(state, from, bytes, environment);
  if (!collected.ok) return refuse(state, from, collected.reason);
  state.attempt.waiting.delete(from);
  const effects = [...collected.value.effects, report('verified', state, { client: from })];
  return goOnIfComplete(collected.value.state, effects, environment);
}

function goOnIfComplete(
  state: CollectingState,
  effects: readonly CoordinatorEffect[],
  environment: CoordinatorEnvironment,
): CoordinatorStep {
  if (state.attempt.waiting.size > 0) return { state, effects };
  const next = advance(state, environment);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** The one message of clients that is collected in each phase. */
const collectedTypes = {
  'advertise-keys': 'key-advert',
  'share-keys': 'encrypted-shares',
  'masked-input': 'masked-input',
  statement: 'statement',
  unmask: 'reveal',
} as const satisfies Record<CollectingState['phase'], MessageType>;

interface Collected {
  readonly state: CollectingState;
  readonly effects: readonly CoordinatorEffect[];
}

/** Checks a client's message of this phase and adds it to the collection. */
function collect(
  state: CollectingState,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  switch (state.phase) {
    case 'advertise-keys':
      return collectAdvert(state, from, bytes, environment);
    case 'share-keys':
      return collectShares(state, from, bytes, environment);
    case 'masked-input':
      return collectMaskedInput(state, from, bytes, environment);
    case 'statement':
      return collectStatement(state, from, bytes, environment);
    case 'unmask':
      return collectReveal(state, from, bytes, environment);
  }
}

/** Opens a message of this phase; tells a replay and a contradiction from a first message. */
function openFirst<Type extends MessageType>(
  type: Type,
  state: CollectingState,
  from: number,
  bytes: Uint8Array,
  { epoch }: CoordinatorEnvironment,
): Checked<Opened<Type>> {
  const { position, waiting, gone, received } = state.attempt;
  if (!waiting.has(from) && !received.has(from) && !gone.has(from)) return refused('unknown-sender');
  const opened = openMessage(
    bytes,
    { type, ...position, sender: from, maxBytes: epoch.limits[type] },
    epoch.keyring,
  );
  if (!opened.ok) return opened;
  const digest = sha256(opened.value.signedPart);
  const earlier = received.get(from);
  if (earlier !== undefined) return refused(equalBytes(earlier, digest) ? 'replayed' : 'contradiction');
  if (gone.has(from)) return refused('contradiction');
  return opened;
}

/** Remembers that this was the client's message of this phase. */
function keep(state: CollectingState, message: Opened<MessageType>): Checked<Collected> {
  state.attempt.received.set(message.header.sender, sha256(message.signedPart));
  return accepted({ state, effects: [] });
}

function collectAdvert(
  state: CoordinatorIn<'advertise-keys'>,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  const opened = openFirst('key-advert', state, from, bytes, environment);
  if (!opened.ok) return opened;
  const { body, relayable, signedPart } = opened.value;
  if (!equalBytes(body.context, state.attempt.context)) return refused('wrong-context');
  const { agreement } = environment.epoch;
  // the clients refuse a U1 with such keys altogether: one client must not be able to stop everyone
  if (!agreement.isCanonical(body.channelKey) || !agreement.isCanonical(body.maskKey))
    return refused('unsound-key');
  const keys = [toHex(body.channelKey), toHex(body.maskKey)] as const;
  if (keys[0] === keys[1] || keys.some((key) => state.seenKeys.has(key))) return refused('unsound-key');
  for (const key of keys) state.seenKeys.add(key);
  state.adverts.set(from, {
    client: from,
    channelKey: body.channelKey,
    maskKey: body.maskKey,
    digest: advertDigest(signedPart),
    bytes: relayable,
  });
  return keep(state, opened.value);
}

function collectShares(
  state: CoordinatorIn<'share-keys'>,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  const opened = openFirst('encrypted-shares', state, from, bytes, environment);
  if (!opened.ok) return opened;
  const { commitment, ciphertexts } = opened.value.body;
  const holders = holdersOf(from, new Set(state.u1), environment.epoch);
  if (ciphertexts.length !== ciphertextBytes * holders.length) return refused('malformed-body');
  state.dealt.set(from, { commitment, ciphertexts });
  return keep(state, opened.value);
}

function collectMaskedInput(
  state: CoordinatorIn<'masked-input'>,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  const opened = openFirst('masked-input', state, from, bytes, environment);
  if (!opened.ok) return opened;
  const { body, attachment, relayable } = opened.value;
  const { parameters } = environment.epoch;
  if (state.keys !== undefined) {
    const { u1Digest, u2Digest } = state.keys;
    if (!equalBytes(body.u1, u1Digest) || !equalBytes(body.u2, u2Digest)) return refused('wrong-context');
  }
  if (!addVector(state.sum, from, attachment, environment)) return refused('bad-attachment');
  // copied: a view would keep the whole vector in memory
  state.inputs.set(from, parameters.graph === 'sparse' ? relayable.slice() : new Uint8Array(0));
  return keep(state, opened.value);
}

/** Adds a verified vector to the running sum; false, with the sum untouched, when it is not a vector of this round. */
function addVector(
  sum: RunningSum,
  from: number,
  attachment: Uint8Array,
  { epoch }: CoordinatorEnvironment,
): boolean {
  if (attachment.length !== epoch.vectorBytes) return false;
  if (sum.kind === 'masked') {
    const { bits, vectorLength } = epoch.parameters;
    if (!addPacked(sum.vector, attachment, bits)) return false;
    sum.vectors?.set(from, unpackBits(attachment, vectorLength, bits)!);
    return true;
  }
  const vector = new Float32Array(attachment.slice().buffer);
  if (!vector.every(Number.isFinite)) return false;
  sum.vectors.set(from, vector);
  return true;
}

function collectStatement(
  state: CoordinatorIn<'statement'>,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  const opened = openFirst('statement', state, from, bytes, environment);
  if (!opened.ok) return opened;
  if (!equalBytes(opened.value.body.digest, state.statement)) return refused('wrong-context');
  state.statements.set(from, opened.value.relayable);
  return keep(state, opened.value);
}

function collectReveal(
  state: CoordinatorIn<'unmask'>,
  from: number,
  bytes: Uint8Array,
  environment: CoordinatorEnvironment,
): Checked<Collected> {
  const opened = openFirst('reveal', state, from, bytes, environment);
  if (!opened.ok) return opened;
  const { epoch } = environment;
  const { shares } = opened.value.body;
  const dealers = decodeClientSet(opened.value.body.dealers, epoch.everyone.length);
  if (dealers === undefined || shares.length !== shareBytes * dealers.length)
    return refused('malformed-body');
  const u2 = new Set(state.keys.u2);
  const ownDealers = dealers.every((dealer) => u2.has(dealer) && epoch.sharePoint(dealer, from) > 0);
  if (!ownDealers) return refused('malformed-body');
  state.reveals.set(
    from,
    new Map(
      dealers.map((dealer, index) => [dealer, shares.subarray(shareBytes * index, shareBytes * (index + 1))]),
    ),
  );
  return keep(state, opened.value);
}

/** A client leaves the attempt: it is not waited for. What it has sent before stands. */
function receiveWithdrawal(
  state: CollectingState,
  from: number,
  bytes: Uint8Array,
  { epoch, ...environment }: CoordinatorEnvironment,
): CoordinatorStep {
  const opened = openMessage(
    bytes,
    { type: 'withdrawal', ...state.attempt.position, sender: from, maxBytes: epoch.limits.withdrawal },
    epoch.keyring,
  );
  if (!opened.ok) return refuse(state, from, opened.reason);
  const { gone, waiting } = state.attempt;
  if (gone.has(from)) return refuse(state, from, 'replayed');
  gone.add(from);
  const awaited = waiting.delete(from);
  const effects = [report('dropped', state, { client: from, detail: { reason: opened.value.body.reason } })];
  return awaited ? goOnIfComplete(state, effects, { epoch, ...environment }) : { state, effects };
}

/**
 * Hands a member's advert, kept by another member, to the member itself, who alone can tell what it means. It may be of
 * an earlier epoch, where that member had another number.
 */
function relaySighting(
  state: CoordinatorState,
  from: number,
  bytes: Uint8Array,
  { epoch }: CoordinatorEnvironment,
): CoordinatorStep {
  const opened = openMessage(
    bytes,
    {
      type: 'sighting',
      session: epoch.roster.session,
      round: 0,
      attempt: 0,
      sender: from,
      maxBytes: epoch.limits.sighting,
    },
    epoch.keyring,
  );
  if (!opened.ok) return refuse(state, from, opened.reason);
  const owner = ownerOf(opened.value.body.advert, epoch);
  return owner === undefined
    ? refuse(state, from, 'malformed-body')
    : { state, effects: [{ kind: 'send', to: [owner], bytes }] };
}

/** The member of this epoch that has signed an advert, in whatever epoch. */
function ownerOf(advert: Uint8Array, { roster, keyring, limits, everyone }: Epoch): number | undefined {
  const header = readHeader(advert);
  if (!header.ok) return undefined;
  const { round, attempt, sender } = header.value;
  const expected = { type: 'key-advert', session: roster.session, round, attempt } as const;
  const isOf = (member: number): boolean => {
    const ofMember: Keyring = {
      signatureBytes: () => keyring.signatureBytes(member),
      verify: (_sender, signature, ...parts) => keyring.verify(member, signature, ...parts),
    };
    return openMessage(advert, { ...expected, maxBytes: limits['key-advert'] }, ofMember).ok;
  };
  // mostly the number is what it was
  return [sender, ...everyone].find((member) => everyone.includes(member) && isOf(member));
}

function refuse(state: CoordinatorState, client: number, reason: Refusal): CoordinatorStep {
  const refusal: CoordinatorEffect = { kind: 'refused', reason, client };
  if (!isCollecting(state)) return { state, effects: [refusal] };
  return { state, effects: [refusal, report('refused', state, { client, detail: { reason } })] };
}
