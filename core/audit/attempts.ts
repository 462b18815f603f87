/**
 * Follows the attempts of a transcript, message by message, as core/secagg/coordinator-round.ts made them: every set,
 * digest and context is computed again from what was signed.
 */
import { equalBytes, readFloat64, toHex } from '../bytes/bytes.ts';
import { hasEnoughNeighbours } from '../secagg/client-keys.ts';
import {
  advertDigest,
  advertsDigest,
  clientSetDigest,
  contextDigest,
  statementDigest,
} from '../secagg/context.ts';
import { type ClientSet, decodeClientSet, isSubset } from '../wire/client-set.ts';
import type { AuditedEpoch } from './epochs.ts';
import type { FindingDetail, Findings } from './findings.ts';
import type { MessageReader } from './message-reader.ts';
import type { LineOf, TranscriptType } from './transcript.ts';

/** What is kept of an attempt once it is over. */
export interface AttemptFacts {
  readonly audited: AuditedEpoch;
  readonly round: number;
  readonly attempt: number;
  /** Hash of the model announced, hexadecimal. */
  readonly model: string;
  /** As announced: where it adapts. */
  readonly clippingNorm: number | undefined;
  readonly u1: ClientSet;
  readonly u2: ClientSet | undefined;
  readonly u3: ClientSet | undefined;
  readonly statements: number;
  readonly end: 'result' | 'abort' | undefined;
  /** Hash of the new model that was signed. */
  readonly result: string | undefined;
}

interface Attempt {
  readonly audited: AuditedEpoch;
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
  readonly clippingNorm: number | undefined;
  readonly context: Uint8Array;
  /** How far it has come: stages below. */
  stage: number;
  /** By client: the digest of its advert. */
  readonly adverts: Map<number, Uint8Array>;
  u1: ClientSet;
  u1Digest: Uint8Array;
  u2: ClientSet | undefined;
  u2Digest: Uint8Array;
  /** By client: its masked input as signed. */
  readonly inputs: Map<number, Uint8Array>;
  u3: ClientSet | undefined;
  statement: Uint8Array;
  readonly statements: Set<number>;
  readonly withdrawn: Set<number>;
  result: string | undefined;
  end: 'result' | 'abort' | undefined;
}

/** Where each message has its place in an attempt. */
const stages = {
  'key-advert': 1,
  sharers: 2,
  'masked-input': 3,
  'statement-request': 4,
  statement: 5,
  result: 6,
  abort: 6,
} as const;

type AttemptType = Exclude<
  TranscriptType,
  'closed-lobby' | 'lobby-acknowledgement' | 'lobby-acknowledgements' | 'nonce-opening' | 'opened-nonces'
>;
type MessageLine = LineOf<'message'> & { readonly type: AttemptType };
type Stage = keyof typeof stages;

export class Attempts {
  /** In order. */
  readonly all: AttemptFacts[] = [];
  readonly #findings: Findings;
  readonly #reader: MessageReader;
  /** Every public key of the session, as hexadecimal text. */
  readonly #keys = new Set<string>();
  /** By round: the one U3 that statements were asked for. */
  readonly #survivors = new Map<number, ClientSet>();
  readonly #epochOfRound = new Map<number, number>();
  #current: Attempt | undefined;

  constructor(findings: Findings, reader: MessageReader) {
    this.#findings = findings;
    this.#reader = reader;
  }

  receive(line: MessageLine, audited: AuditedEpoch): void {
    if (line.type === 'announcement') {
      this.#announce(line, audited);
      return;
    }
    const attempt = this.#attemptOf(line);
    if (attempt === undefined || (line.type !== 'withdrawal' && !this.#enter(attempt, line.type))) {
      this.#reader.misplaced(line);
      return;
    }
    switch (line.type) {
      case 'key-advert':
        return this.#advert(line, attempt);
      case 'masked-input':
        return this.#maskedInput(line, attempt);
      case 'statement-request':
        return this.#statementRequest(line, attempt);
      case 'statement':
        return this.#statement(line, attempt);
      case 'result':
        return this.#result(line, attempt);
      case 'abort':
        return this.#abort(line, attempt);
      case 'withdrawal':
        return this.#withdrawal(line, attempt);
    }
  }

  /** Ends the attempt under way. */
  finish(): void {
    const attempt = this.#current;
    this.#current = undefined;
    if (attempt === undefined) return;
    const { audited, round, model, clippingNorm, u1, u2, statements, end, result } = attempt;
    // without masks nobody signs statements: whoever sent its vector is in the sum
    const u3 = audited.epoch.parameters.masks ? attempt.u3 : increasing(attempt.inputs.keys());
    const facts = { audited, round, attempt: attempt.attempt, model, clippingNorm, u1, u2, u3, end, result };
    this.all.push({ ...facts, statements: statements.size });
  }

  #attemptOf(line: {
    readonly epoch: number;
    readonly round: number;
    readonly attempt: number;
  }): Attempt | undefined {
    const attempt = this.#current;
    const same =
      attempt?.audited.line.epoch === line.epoch &&
      attempt.round === line.round &&
      attempt.attempt === line.attempt &&
      attempt.end === undefined;
    return same ? attempt : undefined;
  }

  /** False when the attempt is past that stage. Past adverts, U1 is what it is. */
  #enter(attempt: Attempt, type: Stage): boolean {
    const stage = stages[type];
    if (stage < attempt.stage) return false;
    const usesAdverts = attempt.stage <= stages['key-advert'] && stage > stages['key-advert'];
    attempt.stage = stage;
    if (usesAdverts && type !== 'abort' && attempt.audited.epoch.parameters.masks) this.#fixAdverts(attempt);
    return true;
  }

  #announce(line: MessageLine, audited: AuditedEpoch): void {
    const { epoch } = audited;
    const opened = this.#reader.open(line, 'announcement', epoch.keyring, epoch.limits);
    this.finish();
    audited.lobby.finish(this.#findings);
    if (opened === undefined) return;
    const { round, attempt } = line;
    const where = { round, attempt };
    const last = this.all.at(-1);
    const newer =
      round > 0 &&
      attempt > 0 &&
      (last === undefined || round > last.round || (round === last.round && attempt > last.attempt));
    this.#findings.expect(newer, 'attempt-not-newer', where);
    const { rounds } = epoch.parameters;
    this.#findings.expect(round <= rounds, 'round-beyond-plan', { round, rounds });
    const begun = this.#epochOfRound.get(round) ?? line.epoch;
    this.#findings.expect(begun === line.epoch, 'round-in-two-epochs', { round });
    this.#epochOfRound.set(round, line.epoch);
    const lastEpoch = last?.audited.line.epoch ?? 0;
    this.#findings.expect(line.epoch >= lastEpoch, 'epoch-out-of-order', { epoch: line.epoch });

    const { roster, parameters, model, clippingNorm } = opened.body;
    this.#findings.expect(equalBytes(roster, epoch.rosterDigest), 'announced-roster-differs', where);
    this.#findings.expect(
      equalBytes(parameters, epoch.parametersDigest),
      'announced-parameters-differ',
      where,
    );
    const context = contextDigest({
      session: epoch.roster.session,
      round,
      attempt,
      rosterDigest: epoch.rosterDigest,
      parametersDigest: epoch.parametersDigest,
      model,
      clippingNorm,
    });
    const nothing = new Uint8Array(0);
    this.#current = {
      audited,
      ...where,
      model: toHex(model),
      clippingNorm: clippingNorm && readFloat64(clippingNorm),
      context,
      stage: 0,
      adverts: new Map(),
      u1: [],
      u1Digest: nothing,
      u2: undefined,
      u2Digest: nothing,
      inputs: new Map(),
      u3: undefined,
      statement: nothing,
      statements: new Set(),
      withdrawn: new Set(),
      result: undefined,
      end: undefined,
    };
  }

  // 1. Advertise keys

  #advert(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'key-advert', epoch.keyring, epoch.limits);
    if (opened === undefined || !this.#first(line, attempt.adverts)) return;
    const client = line.sender;
    const where = { ...whereOf(attempt), client };
    const { channelKey, maskKey, context } = opened.body;
    attempt.adverts.set(client, advertDigest(opened.signedPart));
    this.#findings.expect(equalBytes(context, attempt.context), 'context-differs', where);
    for (const key of [channelKey, maskKey]) {
      this.#findings.expect(epoch.agreement.isCanonical(key), 'key-unsound', where);
      const name = toHex(key);
      if (this.#keys.has(name)) this.#findings.fault('key-reused', where);
      this.#keys.add(name);
    }
  }

  #fixAdverts(attempt: Attempt): void {
    attempt.u1 = increasing(attempt.adverts.keys());
    attempt.u1Digest = advertsDigest(attempt.u1.map((client) => attempt.adverts.get(client)!));
    this.#largeEnough(attempt, 'U1', attempt.u1);
  }

  // 2. Share keys

  /** U2: nobody signs it here, but every masked input signs its digest. */
  sharers(line: LineOf<'sharers'>): void {
    const attempt = this.#attemptOf(line);
    const fits = attempt?.u2 === undefined && attempt?.audited.epoch.parameters.masks === true;
    if (attempt === undefined || !fits || !this.#enter(attempt, 'sharers')) {
      this.#findings.fault('line-out-of-place', { line: this.#reader.line, kind: line.kind });
      return;
    }
    const n = attempt.audited.epoch.everyone.length;
    const u2 = this.#readSet(attempt, 'U2', line.clients, attempt.u1);
    if (u2 === undefined) return;
    attempt.u2 = u2;
    attempt.u2Digest = clientSetDigest(u2, n);
  }

  // 3. Masked inputs

  #maskedInput(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'masked-input', epoch.keyring, epoch.limits);
    if (opened === undefined || !this.#first(line, attempt.inputs)) return;
    const client = line.sender;
    const where = { ...whereOf(attempt), client };
    const { u1, u2, vectorBytes } = opened.body;
    attempt.inputs.set(client, epoch.parameters.graph === 'sparse' ? opened.relayable : new Uint8Array(0));
    this.#findings.expect(vectorBytes === epoch.vectorBytes, 'input-length-differs', where);
    if (!epoch.parameters.masks) return;
    this.#findings.expect(equalBytes(u1, attempt.u1Digest), 'input-adverts-differ', where);
    if (attempt.u2 === undefined) {
      if (attempt.inputs.size === 1) this.#findings.fault('sharers-missing', whereOf(attempt));
      return;
    }
    this.#findings.expect(attempt.u2.includes(client), 'input-without-shares', where);
    this.#findings.expect(equalBytes(u2, attempt.u2Digest), 'input-sharers-differ', where);
  }

  // 4. Statements

  #statementRequest(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'statement-request', epoch.keyring, epoch.limits);
    if (opened === undefined) return;
    if (attempt.u3 !== undefined) {
      this.#reader.misplaced(line);
      return;
    }
    const senders = increasing(attempt.inputs.keys());
    const u3 = this.#readSet(attempt, 'U3', opened.body.u3, senders);
    if (u3 === undefined) return;
    const where = whereOf(attempt);
    attempt.u3 = u3;
    this.#findings.expect(!isSubset(u3, senders) || sameSet(u3, senders), 'survivors-left-out', where);
    const earlier = this.#survivors.get(attempt.round) ?? u3;
    this.#findings.expect(sameSet(u3, earlier), 'survivors-differ', where);
    this.#survivors.set(attempt.round, earlier);
    const relayed = epoch.parameters.graph === 'sparse' ? u3.map((client) => attempt.inputs.get(client)) : [];
    const { maskedInputs } = opened.body;
    const same =
      relayed.length === maskedInputs.length &&
      relayed.every((bytes, index) => bytes !== undefined && equalBytes(bytes, maskedInputs[index]!));
    this.#findings.expect(same, 'relayed-inputs-differ', where);
    const n = epoch.everyone.length;
    attempt.statement = statementDigest(attempt.context, attempt.u1Digest, attempt.u2 ?? [], u3, n);
  }

  #statement(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'statement', epoch.keyring, epoch.limits);
    if (opened === undefined || !this.#first(line, attempt.statements)) return;
    const client = line.sender;
    const where = { ...whereOf(attempt), client };
    const isSurvivor = attempt.u3?.includes(client) === true;
    this.#findings.expect(isSurvivor, 'signer-not-survivor', where);
    const agrees = equalBytes(opened.body.digest, attempt.statement);
    if (this.#findings.expect(agrees, 'statement-differs', where) && isSurvivor)
      attempt.statements.add(client);
  }

  // The end of an attempt

  #result(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'result', epoch.keyring, epoch.limits);
    if (opened === undefined) return;
    const { round } = attempt;
    const earlier = this.all.some((other) => other.round === round && other.end === 'result');
    this.#findings.expect(!earlier, 'two-sums', { round });
    attempt.end = 'result';
    attempt.result = toHex(opened.body.model);
  }

  #abort(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    if (this.#reader.open(line, 'abort', epoch.keyring, epoch.limits) !== undefined) attempt.end = 'abort';
  }

  #withdrawal(line: MessageLine, attempt: Attempt): void {
    const { epoch } = attempt.audited;
    const opened = this.#reader.open(line, 'withdrawal', epoch.keyring, epoch.limits);
    if (opened !== undefined && this.#first(line, attempt.withdrawn)) attempt.withdrawn.add(line.sender);
  }

  // What they have in common

  /** A second message of a kind that may be sent once. */
  #first(line: MessageLine, seen: { has(client: number): boolean }): boolean {
    const { type, sender, round, attempt } = line;
    return this.#findings.expect(!seen.has(sender), 'message-twice', { type, sender, round, attempt });
  }

  #readSet(attempt: Attempt, set: 'U2' | 'U3', bitmap: Uint8Array, outer: ClientSet): ClientSet | undefined {
    const where = { ...whereOf(attempt), set };
    const clients = decodeClientSet(bitmap, attempt.audited.epoch.everyone.length);
    if (!this.#findings.expect(clients !== undefined, 'set-malformed', where)) return undefined;
    this.#findings.expect(isSubset(clients!, outer), 'set-not-within', where);
    this.#largeEnough(attempt, set, clients!);
    return clients;
  }

  /** T clients; in the sparse graph t neighbours for each. */
  #largeEnough(attempt: Attempt, set: string, clients: ClientSet): void {
    const { epoch } = attempt.audited;
    const { threshold, graph } = epoch.parameters;
    const where = { ...whereOf(attempt), set };
    const got = clients.length;
    this.#findings.expect(got >= threshold, 'set-below-threshold', { ...where, got, needed: threshold });
    if (graph === 'complete') return;
    const present = new Set(clients);
    const fed = clients.every((client) => hasEnoughNeighbours(client, present, epoch));
    this.#findings.expect(fed, 'neighbourhood-starved', where);
  }
}

function whereOf({ round, attempt }: Attempt): FindingDetail & { round: number; attempt: number } {
  return { round, attempt };
}

function sameSet(left: ClientSet, right: ClientSet): boolean {
  return left.length === right.length && isSubset(left, right);
}

function increasing(clients: Iterable<number>): ClientSet {
  return [...clients].sort((one, other) => one - other);
}
