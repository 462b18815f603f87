/**
 * The client's round, step by step: advertise keys, share keys, train and mask, sign who is in, reveal once. Each
 * function takes the state of its phase and gives the next.
 */
import { equalBytes, toHex } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { openMessage, signedPartOf } from '../wire/envelope.ts';
import { readHeader } from '../wire/header.ts';
import { announcedNorm, brokenAnnouncement, isModelSized } from './announcement-rules.ts';
import type { ClientEffect, ClientEnvironment, InputVector } from './client-events.ts';
import { dealShares, eraseShares, readAdverts, readShares } from './client-keys.ts';
import { isSoundVector, maskVector, vectorAsBytes } from './client-masking.ts';
import { type ClientRecord, type ClientSession, isNewer, signedIn } from './client-session.ts';
import type { ActiveState, ClientAttempt, InPhase, SubmittedVector, TakingPart } from './client-state.ts';
import {
  type ClientStep,
  type Sent,
  end,
  eraseSecrets,
  ignored,
  leave,
  open,
  report,
  send,
} from './client-steps.ts';
import {
  advertDigest,
  clientSetDigest,
  contextDigest,
  modelHash,
  selfMaskCommitment,
  statementDigest,
  survivorsDigest,
} from './context.ts';
import type { Epoch } from './epoch.ts';
import { packBits } from './packing.ts';
import { memberKey } from './roster.ts';
import { chooseShares, readStatements, readSurvivors } from './statement.ts';

// 1. Advertise keys

export function receiveAnnouncement(
  state: TakingPart,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const { epoch } = environment;
  const header = readHeader(bytes);
  if (!header.ok) return ignored(state, header.reason);
  const { round, attempt } = header.value;
  const position = { session: epoch.roster.session, round, attempt };
  const opened = openMessage(
    bytes,
    { type: 'announcement', ...position, maxBytes: epoch.limits.announcement },
    epoch.keyring,
  );
  if (!opened.ok) return ignored(state, opened.reason);
  const before = state.session.record;
  if (!isNewer(before, round, attempt) || round <= before.closed) return ignored(state, 'stale-round');

  const superseded = state.phase === 'idle' ? [] : end(state, 'ended-by-coordinator').effects;
  const { body, attachment } = opened.value;
  const clippingNorm = announcedNorm(body.clippingNorm, epoch);
  const sameRound = round === before.round;
  const { clippingNorm: _before, ...kept } = before;
  const record: ClientRecord = sameRound
    ? { ...before, attempt }
    : {
        ...kept,
        round,
        attempt,
        roster: toHex(epoch.rosterDigest),
        model: toHex(body.model),
        selected: coin(epoch.parameters.fraction, environment),
        vector: null,
        ...(body.clippingNorm === undefined || clippingNorm === undefined ? {} : { clippingNorm }),
      };
  const session = { ...state.session, record };
  const effects: ClientEffect[] = [...superseded, { kind: 'persist', record }];
  if (before.vector !== null && !sameRound) effects.push({ kind: 'discard-vector', round: before.round });
  const current: ClientAttempt = {
    position,
    model: body.model.slice(),
    weights: attachment,
    context: contextDigest({
      ...position,
      rosterDigest: epoch.rosterDigest,
      parametersDigest: epoch.parametersDigest,
      model: body.model,
      clippingNorm: body.clippingNorm,
    }),
    clippingNorm,
    lastSent: new Uint8Array(0),
  };
  const broken = brokenAnnouncement(opened.value, record, environment);
  if (broken !== undefined) {
    const left = leave({ phase: 'unmask', session, attempt: current }, broken, environment);
    return { state: left.state, effects: [...effects, ...left.effects] };
  }
  const next = epoch.parameters.masks
    ? advertiseKeys(session, current, environment)
    : awaitVector({ phase: 'train', session, attempt: current, masking: undefined }, environment);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/**
 * True with the given probability, from 53 secret bits. Tossed once per round, and flushed with (round, attempt) before
 * the advert leaves: whoever could have it tossed again, by aborting attempts, would have this client selected whenever
 * it liked.
 */
function coin(probability: number, { random }: ClientEnvironment): boolean {
  if (probability === 1) return true;
  const bits = new DataView(random.bytes(8).buffer).getBigUint64(0, true) >> 11n;
  return Number(bits) / 2 ** 53 < probability;
}

function advertiseKeys(
  session: ClientSession,
  attempt: ClientAttempt,
  environment: ClientEnvironment,
): ClientStep {
  const { agreement } = environment.epoch;
  const channelKeys = agreement.generate(environment.random);
  const maskKeys = agreement.generate(environment.random);
  const body = {
    channelKey: channelKeys.publicKey,
    maskKey: maskKeys.publicKey,
    context: attempt.context,
  };
  const { sent, effect } = send('key-advert', body, attempt, environment);
  const advert = advertDigest(signedPartOf(effect.bytes));
  return {
    state: { phase: 'advertise-keys', session, attempt: sent, channelKeys, maskKeys, advert },
    effects: [effect, report('advertised', 'advertise-keys', attempt, environment)],
  };
}

// 2. Share keys

export function receiveAdverts(
  state: InPhase<'advertise-keys'>,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('key-adverts', bytes, state, environment);
  if (!opened.ok) return ignored(state, opened.reason);
  const view = readAdverts(opened.value, state.attempt, state.advert, environment);
  if (!view.ok) return leave(state, view.reason, environment);
  const { session, attempt, channelKeys, maskKeys } = state;
  const dealt = dealShares(view.value, attempt.context, channelKeys, maskKeys, environment);
  if (!dealt.ok) return leave(state, dealt.reason, environment);

  const { selfMask, ownShares, inboundKeys, ciphertexts } = dealt.value;
  const commitment = selfMaskCommitment(attempt.context, environment.client, selfMask);
  const { sent, effect } = send('encrypted-shares', { commitment, ciphertexts }, attempt, environment);
  const sightings = new Map(session.sightings);
  view.value.u1.forEach((member, index) =>
    sightings.set(memberKey(environment.epoch.roster, member)!, opened.value.body.adverts[index]!),
  );
  return {
    state: {
      phase: 'share-keys',
      session: { ...session, sightings },
      attempt: sent,
      adverts: view.value,
      maskKeys,
      selfMask,
      ownShares,
      inboundKeys,
    },
    effects: [
      effect,
      report('shared', 'share-keys', attempt, environment, { adverts: view.value.u1.length }),
    ],
  };
}

// 3. Train and mask

export function receiveShares(
  state: InPhase<'share-keys'>,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('relayed-shares', bytes, state, environment);
  if (!opened.ok) return ignored(state, opened.reason);
  const { session, attempt, adverts, maskKeys, selfMask, ownShares, inboundKeys } = state;
  const held = readShares(opened.value, attempt.context, adverts, ownShares, inboundKeys, environment);
  if (!held.ok) return leave(state, held.reason, environment);
  const next = awaitVector(
    { phase: 'train', session, attempt, masking: { held: held.value, maskKeys, selfMask } },
    environment,
  );
  const missing = held.value.missing.map((dealer) =>
    report('share-missing', 'share-keys', attempt, environment, { dealer }),
  );
  return { state: next.state, effects: [...missing, ...next.effects] };
}

/** The kept vector on a retry, else a trained one: the same steps in the same order, however the coin fell. */
function awaitVector(state: InPhase<'train'>, environment: ClientEnvironment): ClientStep {
  const { session, attempt } = state;
  const { round } = attempt.position;
  if (session.record.vector !== null) return { state, effects: [{ kind: 'recall-vector', round }] };
  // a vector that was signed for and is no longer known must not be replaced by another
  if (signedIn(session.record, round) !== undefined) return leave(state, 'vector-lost', environment);
  const { selected } = session.record;
  const { model, weights, clippingNorm } = attempt;
  const norm = clippingNorm === undefined ? {} : { clippingNorm };
  return { state, effects: [{ kind: 'train', round, selected, model, weights, ...norm }] };
}

/** What a client that is not selected sends in place of whatever was trained. */
function zeroVector({ parameters }: Epoch): InputVector {
  const { quantisation, vectorLength } = parameters;
  return quantisation ? new Uint32Array(vectorLength) : new Float32Array(vectorLength);
}

/**
 * Checks the vector. One that adds noise and has not left before waits until it is charged; under noise a client that is
 * not selected has handed over its noise alone.
 */
export function submitVector(
  state: InPhase<'train'>,
  trained: InputVector,
  environment: ClientEnvironment,
): ClientStep {
  const { epoch } = environment;
  const { selected, vector: kept } = state.session.record;
  const noised = epoch.parameters.differentialPrivacy !== null;
  const vector = selected || noised ? trained : zeroVector(epoch);
  if (!isSoundVector(vector, epoch)) return leave(state, 'vector-refused', environment);
  const digest = toHex(sha256(vectorAsBytes(vector)));
  if (kept !== null && kept.digest !== digest) return leave(state, 'vector-lost', environment);
  if (!noised || kept !== null) return sendVector(state, { vector, digest }, environment);
  const { round, attempt } = state.attempt.position;
  return {
    state: { ...state, uncharged: { vector, digest } },
    effects: [{ kind: 'charge', round, attempt, digest }],
  };
}

/** Keeps the vector for further attempts, masks it and sends it. One that has to be charged is, on disk. */
export function sendVector(
  state: InPhase<'train'>,
  { vector, digest }: SubmittedVector,
  environment: ClientEnvironment,
): ClientStep {
  const { epoch } = environment;
  const { attempt, masking } = state;
  const { round } = attempt.position;
  const kept = state.session.record.vector;
  const record: ClientRecord = {
    ...state.session.record,
    vector: { round, model: toHex(attempt.model), digest },
  };
  const effects: ClientEffect[] =
    kept === null
      ? [
          { kind: 'keep-vector', round, vector },
          { kind: 'persist', record },
        ]
      : [];
  const session = { ...state.session, record };

  if (masking === undefined) {
    const packed =
      vector instanceof Uint32Array ? packBits(vector, epoch.parameters.bits) : vectorAsBytes(vector).slice();
    const { sent, effect } = sendPacked(packed, noDigest, noDigest, attempt, environment);
    return {
      state: { phase: 'unmask', session, attempt: sent },
      effects: [...effects, effect, report('masked', 'masked-input', attempt, environment)],
    };
  }
  const { held, maskKeys, selfMask } = masking;
  if (!(vector instanceof Uint32Array)) return leave(state, 'vector-refused', environment);
  const packed = maskVector(vector, held, attempt.context, maskKeys, selfMask, environment);
  if (packed === undefined) return leave(state, 'key-refused', environment);
  const u2 = clientSetDigest(held.u2, epoch.everyone.length);
  const { sent, effect } = sendPacked(packed, held.adverts.digest, u2, attempt, environment);
  return {
    state: { phase: 'masked-input', session, attempt: sent, held },
    effects: [...effects, effect, report('masked', 'masked-input', attempt, environment)],
  };
}

/** Stands for the digests of sets that do not exist where nothing is masked. */
const noDigest = new Uint8Array(32);

function sendPacked(
  packed: Uint8Array,
  u1: Uint8Array,
  u2: Uint8Array,
  attempt: ClientAttempt,
  environment: ClientEnvironment,
): Sent {
  const body = { vector: sha256(packed), vectorBytes: packed.length, u1, u2 };
  return send('masked-input', body, attempt, environment, packed);
}

// 4. Statement

export function receiveSurvivors(
  state: InPhase<'masked-input'>,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('statement-request', bytes, state, environment);
  if (!opened.ok) return ignored(state, opened.reason);
  const { epoch, client } = environment;
  const { session, attempt, held } = state;
  const { round } = attempt.position;
  const read = readSurvivors(opened.value, attempt.position, client, held, epoch);
  if (!read.ok) return leave(state, read.reason, environment);
  const u3 = read.value;
  const n = epoch.everyone.length;
  const survivors = toHex(survivorsDigest(epoch.rosterDigest, u3, n));
  const signed = signedIn(session.record, round);
  if (signed !== undefined && signed.survivors !== survivors) {
    return leave(state, 'survivors-differ', environment);
  }

  const model = toHex(attempt.model);
  const entry = { round, model, survivors, vector: session.record.vector?.digest ?? '' };
  const record: ClientRecord = {
    ...session.record,
    signed: signed === undefined ? [...session.record.signed, entry] : session.record.signed,
    repeatable: session.record.repeatable.filter((allowed) => allowed !== model),
  };
  const statement = statementDigest(attempt.context, held.adverts.digest, held.u2, u3, n);
  const { sent, effect } = send('statement', { digest: statement }, attempt, environment);
  return {
    state: { phase: 'statement', session: { ...session, record }, attempt: sent, held, u3, statement },
    effects: [
      { kind: 'persist', record },
      effect,
      report('signed', 'statement', attempt, environment, { survivors: u3.length }),
    ],
  };
}

// 5. Reveal

export function receiveStatements(
  state: InPhase<'statement'>,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('signed-statements', bytes, state, environment);
  if (!opened.ok) return ignored(state, opened.reason);
  const { epoch } = environment;
  const { session, attempt, held, u3, statement } = state;
  const signers = readStatements(opened.value, attempt.position, u3, statement, epoch);
  if (!signers.ok) return leave(state, signers.reason, environment);
  const body = chooseShares(held, u3, epoch.everyone.length);
  const { sent, effect } = send('reveal', body, attempt, environment);
  eraseShares(held.shares);
  return {
    state: { phase: 'unmask', session, attempt: sent },
    effects: [
      effect,
      report('revealed', 'unmask', attempt, environment, { statements: signers.value.length }),
    ],
  };
}

// The end

/**
 * The round is over for good: the kept vector goes, so that a further attempt would have another one trained, and two
 * vectors of one round give away their difference.
 */
export function receiveResult(
  state: ActiveState,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('result', bytes, state, environment);
  if (!opened.ok) return ignored(state, opened.reason);
  const { body, attachment } = opened.value;
  if (!isModelSized(attachment, environment.epoch)) return leave(state, 'model-malformed', environment);
  if (attachment.length > 0 && !equalBytes(modelHash(environment.architecture, attachment), body.model)) {
    return leave(state, 'model-differs', environment);
  }
  const { round } = state.attempt.position;
  eraseSecrets(state);
  const record: ClientRecord = { ...state.session.record, closed: round, vector: null };
  return {
    state: { phase: 'idle', session: { ...state.session, record } },
    effects: [
      { kind: 'persist', record },
      { kind: 'discard-vector', round },
      { kind: 'finished', round, model: body.model.slice(), weights: attachment },
    ],
  };
}

export function receiveAbort(
  state: ActiveState,
  bytes: Uint8Array,
  environment: ClientEnvironment,
): ClientStep {
  const opened = open('abort', bytes, state, environment);
  return opened.ok ? end(state, 'ended-by-coordinator') : ignored(state, opened.reason);
}
