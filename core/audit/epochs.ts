/**
 * The epochs of a transcript: rosters and parameters as the file has them, and the lobbies in which their members
 * acknowledged them (core/secagg/lobby.ts). Everything that the epoch's messages are checked against comes from here.
 */
import { equalBytes, toHex } from '../bytes/bytes.ts';
import { rosterWords } from '../crypto/words.ts';
import { FederationError } from '../errors/federation-error.ts';
import { sessionOf } from '../joining/session-name.ts';
import { type Epoch, createEpoch, rosterFault } from '../secagg/epoch.ts';
import { checkFloors, defaultFloors } from '../secagg/floors.ts';
import { drawNumber, draws, lobbyDigest, nonceCommitment, partiesOf, rosterOf } from '../secagg/lobby.ts';
import { parametersDigest } from '../secagg/parameters.ts';
import { type Roster, rosterKeyring } from '../secagg/roster.ts';
import { type Keyring, type Opened, openMessage } from '../wire/envelope.ts';
import { joiningLimits } from '../wire/limits.ts';
import type { Findings } from './findings.ts';
import type { MessageReader } from './message-reader.ts';
import type { LineOf } from './transcript.ts';

/** An epoch whose roster and parameters belong together. */
export interface AuditedEpoch {
  readonly line: LineOf<'epoch'>;
  readonly epoch: Epoch;
  readonly words: readonly string[];
  /** Verifies lobby messages, which are signed even where a demonstration's rounds are not. */
  readonly lobbyKeyring: Keyring | undefined;
  readonly lobby: Lobby;
}

/** The epoch of a line; undefined, with faults, when nothing could be checked against it. */
export function readEpoch(
  line: LineOf<'epoch'>,
  session: Uint8Array,
  earlier: AuditedEpoch | undefined,
  findings: Findings,
): AuditedEpoch | undefined {
  const { epoch: number, parameters, transportKey } = line;
  const broken = checkFloors(parameters, { ...defaultFloors, demonstration: true });
  const { rule = '', field = '' } = broken?.details ?? {};
  if (!findings.expect(broken === undefined, 'parameters-below-floors', { epoch: number, rule, field }))
    return undefined;
  const roster: Roster = {
    session,
    coordinator: line.coordinator,
    transportKey,
    members: line.members,
    parametersDigest: parametersDigest(parameters),
    demonstration: parameters.demonstration,
  };
  const unsound = rosterFault(roster, parameters);
  if (!findings.expect(unsound === undefined, 'roster-unsound', { epoch: number, reason: unsound ?? '' }))
    return undefined;
  const partiesFit = line.nonces.length === line.members.length + 1;
  const noncesFit = partiesFit && line.nonces.every((nonce) => nonce.length === 32);
  if (!findings.expect(noncesFit, 'nonces-missing', { epoch: number })) return undefined;
  const epoch = soundEpoch(roster, line);
  if (epoch === undefined) {
    findings.fault('identity-refused', { epoch: number });
    return undefined;
  }

  if (transportKey.length > 0)
    findings.expect(equalBytes(session, sessionOf(transportKey)), 'session-not-of-key', { epoch: number });
  if (earlier !== undefined) compareEpochs(line, earlier.line, findings);
  const identified = roster.coordinator.length > 0;
  const audited = {
    line,
    epoch,
    words: rosterWords(epoch.rosterDigest, line.nonces, parameters.language),
    lobbyKeyring: identified ? rosterKeyring(roster) : undefined,
  };
  return { ...audited, lobby: new Lobby(audited) };
}

function soundEpoch(roster: Roster, line: LineOf<'epoch'>): Epoch | undefined {
  try {
    return createEpoch(roster, line.parameters, line.nonces);
  } catch (error) {
    if (error instanceof FederationError) return undefined;
    throw error;
  }
}

/** What stays the same over a session, however its members change. */
function compareEpochs(line: LineOf<'epoch'>, earlier: LineOf<'epoch'>, findings: Findings): void {
  const { epoch } = line;
  findings.expect(equalBytes(line.transportKey, earlier.transportKey), 'transport-key-changed', { epoch });
  findings.expect(equalBytes(line.coordinator, earlier.coordinator), 'coordinator-changed', { epoch });
  for (const field of ['seed', 'parameterCount', 'loss', 'serverOptimiser'] as const) {
    const same = JSON.stringify(line.parameters[field]) === JSON.stringify(earlier.parameters[field]);
    findings.expect(same, 'parameters-changed', { epoch, field });
  }
}

/** One draw of a lobby. */
interface Draw {
  /** Its number within the session. */
  readonly number: number;
  readonly roster: Roster;
  readonly keyring: Keyring | undefined;
  readonly commitments: readonly Uint8Array[];
  readonly digest: Uint8Array;
  readonly acknowledged: Set<number>;
  readonly opened: Set<number>;
  /** All nonces, once the coordinator has sent them on. */
  nonces: readonly Uint8Array[] | undefined;
}

type LobbyType =
  'closed-lobby' | 'lobby-acknowledgement' | 'lobby-acknowledgements' | 'nonce-opening' | 'opened-nonces';

/** Follows the lobby of one epoch, draw by draw. */
export class Lobby {
  readonly #audited: Omit<AuditedEpoch, 'lobby'>;
  #draw: Draw | undefined;
  #finished = false;

  constructor(audited: Omit<AuditedEpoch, 'lobby'>) {
    this.#audited = audited;
  }

  /** One message of the lobby. */
  receive(
    line: LineOf<'message'> & { readonly type: LobbyType },
    reader: MessageReader,
    findings: Findings,
  ): void {
    if (line.type === 'closed-lobby') {
      this.#close(line, reader, findings);
      return;
    }
    const draw = this.#draw;
    if (draw === undefined || this.#finished || line.round !== 0 || line.attempt !== draw.number) {
      reader.misplaced(line);
      return;
    }
    switch (line.type) {
      case 'lobby-acknowledgement': {
        const opened = reader.open(line, 'lobby-acknowledgement', draw.keyring, joiningLimits);
        if (opened !== undefined) this.#acknowledge(draw, line.sender, opened.body.lobby, findings);
        return;
      }
      case 'lobby-acknowledgements': {
        const opened = reader.open(line, 'lobby-acknowledgements', draw.keyring, joiningLimits);
        if (opened !== undefined) this.#acknowledgeAll(draw, opened, reader, findings);
        return;
      }
      case 'nonce-opening': {
        const opened = reader.open(line, 'nonce-opening', draw.keyring, joiningLimits);
        if (opened !== undefined) this.#openNonce(draw, line.sender, opened.body.nonce, findings);
        return;
      }
      case 'opened-nonces': {
        const opened = reader.open(line, 'opened-nonces', draw.keyring, joiningLimits);
        if (opened !== undefined) draw.nonces = opened.body.nonces;
      }
    }
  }

  #close(line: LineOf<'message'>, reader: MessageReader, findings: Findings): void {
    const { epoch, lobbyKeyring, line: epochLine } = this.#audited;
    const opened = reader.open(line, 'closed-lobby', lobbyKeyring, joiningLimits);
    if (opened === undefined) return;
    const number = epochLine.epoch;
    const first = drawNumber(number, 1);
    const inOrder = line.attempt === (this.#draw === undefined ? first : this.#draw.number + 1);
    const within = line.round === 0 && line.attempt < first + draws && !this.#finished;
    findings.expect(inOrder && within, 'lobby-draw-out-of-order', { epoch: number, line: reader.line });
    const roster = rosterOf(epoch.roster.session, opened.body);
    const keyring = roster === undefined ? undefined : soundKeyring(roster);
    if (roster === undefined || keyring === undefined) {
      findings.fault('identity-refused', { epoch: number });
      return;
    }
    const shortened = this.#draw === undefined || isWithin(roster, this.#draw.roster);
    findings.expect(shortened, 'lobby-roster-grew', { epoch: number });
    const { commitments } = opened.body;
    this.#draw = {
      number: line.attempt,
      roster,
      keyring,
      commitments,
      digest: lobbyDigest(roster, line.attempt, commitments),
      acknowledged: new Set(),
      opened: new Set(),
      nonces: undefined,
    };
  }

  #acknowledge(draw: Draw, client: number, digest: Uint8Array, findings: Findings): void {
    const epoch = this.#audited.line.epoch;
    const agrees = equalBytes(digest, draw.digest);
    if (findings.expect(agrees, 'acknowledgement-differs', { epoch, client })) draw.acknowledged.add(client);
  }

  /** The coordinator's list of all: each as its member signed it. */
  #acknowledgeAll(
    draw: Draw,
    { header, body }: Opened<'lobby-acknowledgements'>,
    reader: MessageReader,
    findings: Findings,
  ): void {
    body.acknowledgements.forEach((relayed, index) => {
      const type = 'lobby-acknowledgement' as const;
      const position = { session: header.session, round: 0, attempt: draw.number };
      const expected = { type, ...position, sender: index + 1, maxBytes: joiningLimits[type] };
      const opened = draw.keyring && openMessage(relayed, expected, draw.keyring);
      if (opened?.ok === true) this.#acknowledge(draw, index + 1, opened.value.body.lobby, findings);
      else reader.refused(type, index + 1, opened?.reason ?? 'unknown-sender');
    });
  }

  #openNonce(draw: Draw, client: number, nonce: Uint8Array, findings: Findings): void {
    const epoch = this.#audited.line.epoch;
    const complete = draw.acknowledged.size === draw.roster.members.length;
    findings.expect(complete, 'nonce-opened-early', { epoch, client });
    const key = partiesOf(draw.roster)[client] ?? new Uint8Array(0);
    const committed = nonceCommitment(draw.roster.session, key, draw.number, nonce);
    const fits = equalBytes(committed, draw.commitments[client] ?? new Uint8Array(0));
    if (findings.expect(fits, 'opening-differs', { epoch, client })) draw.opened.add(client);
  }

  /** When the epoch's first attempt begins, or at the end: whether the lobby led to the epoch's roster and nonces. */
  finish(findings: Findings): void {
    if (this.#finished) return;
    this.#finished = true;
    const { epoch, line } = this.#audited;
    const draw = this.#draw;
    const number = line.epoch;
    if (draw === undefined) {
      findings.fault('lobby-missing', { epoch: number });
      return;
    }
    const agreed = lobbyDigest(epoch.roster, draw.number, draw.commitments);
    findings.expect(equalBytes(agreed, draw.digest), 'lobby-roster-differs', { epoch: number });
    for (const client of epoch.everyone) {
      findings.expect(draw.acknowledged.has(client), 'acknowledgement-missing', { epoch: number, client });
      findings.expect(draw.opened.has(client), 'opening-missing', { epoch: number, client });
    }
    if (!findings.expect(draw.nonces !== undefined, 'nonces-missing', { epoch: number })) return;
    const same =
      draw.nonces?.length === line.nonces.length &&
      draw.nonces.every((nonce, index) => equalBytes(nonce, line.nonces[index]!));
    findings.expect(same, 'nonces-differ', { epoch: number });
    partiesOf(epoch.roster).forEach((key, client) => {
      const committed = nonceCommitment(epoch.roster.session, key, draw.number, line.nonces[client]!);
      const fits = equalBytes(committed, draw.commitments[client] ?? new Uint8Array(0));
      findings.expect(fits, 'opening-differs', { epoch: number, client });
    });
  }
}

/** Undefined when an identity in the roster is not a sound RSA key. */
function soundKeyring(roster: Roster): Keyring | undefined {
  try {
    return rosterKeyring(roster);
  } catch {
    return undefined;
  }
}

/** True when every member was in the earlier roster, in the same order. */
function isWithin(roster: Roster, earlier: Roster): boolean {
  let at = 0;
  const names = roster.members.map((member) => `${toHex(member.publicKey)} ${member.name}`);
  for (const member of earlier.members)
    if (names[at] === `${toHex(member.publicKey)} ${member.name}`) at += 1;
  return at === roster.members.length;
}
