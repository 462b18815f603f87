/**
 * The client of secure aggregation (Bonawitz et al. 2017, figure 4, active-adversary version; Bell et al. 2020 for the
 * sparse graph) as a pure state machine. This file decides which step an event leads to; the steps themselves are in
 * client-round.ts, in the paper's order.
 *
 * Every step checks what the coordinator relays; what breaks a rule ends the attempt with its name and erases every
 * secret. What is not authentic is refused and changes nothing. A step consumes its state: secrets that are used up
 * are erased in place, so that an older state must not be used again.
 *
 * Does not protect against what the sum itself tells, nor against more than c colluders.
 */
import { toHex } from '../bytes/bytes.ts';
import { type Keyring, openMessage, peekType, sealMessage } from '../wire/envelope.ts';
import { readHeader } from '../wire/header.ts';
import type { MessageType } from '../wire/messages.ts';
import type { ClientEnvironment, ClientEvent } from './client-events.ts';
import {
  receiveAbort,
  receiveAdverts,
  receiveAnnouncement,
  receiveResult,
  receiveShares,
  receiveStatements,
  receiveSurvivors,
  sendVector,
  submitVector,
} from './client-round.ts';
import { type Sightings, type StoredSession, isNewer, startRecord } from './client-session.ts';
import type { ClientPhase, ClientState, InPhase, TakingPart } from './client-state.ts';
import { type ClientStep, barred, ignored, leave } from './client-steps.ts';
import type { Epoch } from './epoch.ts';
import { type Floors, checkFloors } from './floors.ts';
import { memberKey } from './roster.ts';

/**
 * A client at the start of an epoch or of its process. Barred, and deaf to everything, when the parameters are below
 * its floors or when its stored session cannot be relied on. `sightings`: those of the previous epoch's machine.
 */
export function createClient(
  environment: ClientEnvironment,
  floors: Floors,
  stored: StoredSession,
  sightings: Sightings = new Map(),
): ClientStep {
  const { epoch, random } = environment;
  const belowFloors = checkFloors(epoch.parameters, floors);
  if (belowFloors !== undefined) return barred('floors-not-met', belowFloors);
  const start = startRecord(epoch.roster.session, stored, random);
  if ('barred' in start) return barred(start.barred);
  const session = { record: start.record, sightings };
  return { state: { phase: 'idle', session }, effects: [{ kind: 'persist', record: start.record }] };
}

/** What the client does about an event. */
export function clientStep(
  state: ClientState,
  event: ClientEvent,
  environment: ClientEnvironment,
): ClientStep {
  if (state.phase === 'barred') return ignored(state, 'not-expected');
  switch (event.kind) {
    case 'message':
      return receive(state, event.bytes, environment);
    case 'vector':
      return isAwaited(state, event.round) && state.uncharged === undefined
        ? submitVector(state, event.vector, environment)
        : ignored(state, 'not-expected');
    case 'charged':
      return isAwaited(state, event.round) && state.uncharged !== undefined
        ? sendVector(state, state.uncharged, environment)
        : ignored(state, 'not-expected');
    case 'budget-reached':
      return isAwaited(state, event.round) && state.uncharged !== undefined
        ? leave(state, 'budget-reached', environment)
        : ignored(state, 'not-expected');
    case 'vector-lost':
      return isAwaited(state, event.round)
        ? leave(state, 'vector-lost', environment)
        : ignored(state, 'not-expected');
    case 'reconnected':
      return state.phase === 'idle' || state.attempt.lastSent.length === 0
        ? ignored(state, 'not-expected')
        : { state, effects: [{ kind: 'send', bytes: state.attempt.lastSent }] };
    case 'member-returned':
      return tellSighting(state, event.member, environment);
    case 'repeat-confirmed':
      return allowRepeat(state, event.model);
    case 'cancel':
      return state.phase === 'idle' ? ignored(state, 'not-expected') : leave(state, 'cancelled', environment);
  }
}

/** False for a vector that comes when its round is over. */
function isAwaited(state: TakingPart, round: number): state is InPhase<'train'> {
  return state.phase === 'train' && state.attempt.position.round === round;
}

/** The one message of the coordinator that carries an attempt on from each phase. */
const expectedTypes: Partial<Record<ClientPhase, MessageType>> = {
  'advertise-keys': 'key-adverts',
  'share-keys': 'relayed-shares',
  'masked-input': 'statement-request',
  statement: 'signed-statements',
};

function receive(state: TakingPart, bytes: Uint8Array, environment: ClientEnvironment): ClientStep {
  const type = peekType(bytes);
  if (!type.ok) return ignored(state, type.reason);
  switch (type.value) {
    case 'announcement':
      return receiveAnnouncement(state, bytes, environment);
    case 'sighting':
      return receiveSighting(state, bytes, environment);
    case 'result':
    case 'abort':
      if (state.phase === 'idle') return ignored(state, 'wrong-phase');
      return type.value === 'result'
        ? receiveResult(state, bytes, environment)
        : receiveAbort(state, bytes, environment);
    default:
      if (type.value !== expectedTypes[state.phase]) return ignored(state, 'wrong-phase');
      return receiveInPhase(state, bytes, environment);
  }
}

function receiveInPhase(state: TakingPart, bytes: Uint8Array, environment: ClientEnvironment): ClientStep {
  switch (state.phase) {
    case 'advertise-keys':
      return receiveAdverts(state, bytes, environment);
    case 'share-keys':
      return receiveShares(state, bytes, environment);
    case 'masked-input':
      return receiveSurvivors(state, bytes, environment);
    case 'statement':
      return receiveStatements(state, bytes, environment);
    default:
      return ignored(state, 'wrong-phase');
  }
}

// Between rounds

function allowRepeat(state: TakingPart, model: Uint8Array): ClientStep {
  const before = state.session.record;
  const name = toHex(model);
  const record = {
    ...before,
    repeatable: before.repeatable.includes(name) ? before.repeatable : [...before.repeatable, name],
  };
  return {
    state: { ...state, session: { ...state.session, record } },
    effects: [{ kind: 'persist', record }],
  };
}

/** Hands a member that came back its latest advert, so that it notices when its record is a copy. */
function tellSighting(state: TakingPart, member: number, environment: ClientEnvironment): ClientStep {
  const { roster } = environment.epoch;
  const advert = state.session.sightings.get(memberKey(roster, member) ?? '');
  if (advert === undefined || member === environment.client) return ignored(state, 'not-expected');
  const position = { session: roster.session, round: 0, attempt: 0 };
  const bytes = sealMessage('sighting', position, { advert }, environment.signer);
  return { state, effects: [{ kind: 'send', bytes }] };
}

/**
 * An advert of its own that is newer than its record proves to a client that the record is a copy. As the proof is the
 * client's own signature, nobody else can bar it. The advert may be of an earlier epoch, where it had another number.
 */
function receiveSighting(state: TakingPart, bytes: Uint8Array, environment: ClientEnvironment): ClientStep {
  const { epoch, client } = environment;
  const { session } = epoch.roster;
  const opened = openMessage(
    bytes,
    { type: 'sighting', session, round: 0, attempt: 0, maxBytes: epoch.limits.sighting },
    epoch.keyring,
  );
  if (!opened.ok) return ignored(state, opened.reason);
  const { advert } = opened.value.body;
  const header = readHeader(advert);
  if (!header.ok) return ignored(state, 'malformed-body');
  const { round, attempt } = header.value;
  const seen = openMessage(
    advert,
    { type: 'key-advert', session, round, attempt, maxBytes: epoch.limits['key-advert'] },
    ownKeyring(client, epoch),
  );
  if (!seen.ok) return ignored(state, seen.reason);
  if (!isNewer(state.session.record, round, attempt)) return { state, effects: [] };
  const left = state.phase === 'idle' ? [] : leave(state, 'cancelled', environment).effects;
  const bar = barred('state-lost');
  return { state: bar.state, effects: [...left, ...bar.effects] };
}

/** Verifies under one's own key alone, whatever number a header has; without signatures the number is all there is. */
function ownKeyring(client: number, { keyring, parameters }: Epoch): Keyring {
  const isOwn = (sender: number): boolean => parameters.signatures || sender === client;
  return {
    signatureBytes: (sender) => (isOwn(sender) ? keyring.signatureBytes(client) : undefined),
    verify: (sender, signature, ...parts) => isOwn(sender) && keyring.verify(client, signature, ...parts),
  };
}
