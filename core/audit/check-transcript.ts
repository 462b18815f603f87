/**
 * Checks the signed transcript of a session, as far as anyone can who was not there: signatures, rosters, order, every
 * digest, one sum per round, the models' hashes and the arithmetic that leads from one to the next. What stays open is
 * listed with every result (`uncheckable` in findings.ts).
 *
 * Believes nothing in the file but what follows from signatures under the roster's keys. Whose keys those are, only
 * people can tell, by words and fingerprints.
 */
import { fromHex, toHex } from '../bytes/bytes.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { Attempts } from './attempts.ts';
import { type AuditedEpoch, readEpoch } from './epochs.ts';
import { type Finding, Findings, type Uncheckable, uncheckable } from './findings.ts';
import { MessageReader } from './message-reader.ts';
import { ModelChain, type SummedRound } from './model-chain.ts';
import type { LineKind, LineOf, TranscriptLine, TranscriptType } from './transcript.ts';

/** What is in order, and yet worth a reader's knowing. */
export type AuditNote =
  | { readonly note: 'demonstration' }
  /** A rule over single updates, which are not in the file: models after the first are taken as they were signed. */
  | { readonly note: 'models-by-rule' }
  | { readonly note: 'identities-not-compared' }
  /** Attempts that ended in an abort, or were cut short. */
  | { readonly note: 'attempts-aborted' | 'attempts-cut-short'; readonly count: number }
  /** A round over the same model as an earlier one that was given up: everyone's confirmation was needed. */
  | { readonly note: 'model-asked-again'; readonly round: number; readonly earlier: number }
  | { readonly note: 'no-rounds' };

export interface AuditReport {
  /** True when every check holds. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly notes: readonly AuditNote[];
  readonly uncheckable: readonly Uncheckable[];
  readonly session: Omit<LineOf<'header'>, 'kind' | 'format' | 'version'> | null;
  readonly epochs: readonly {
    readonly epoch: number;
    /** For comparing with what the room saw. */
    readonly words: readonly string[];
    /** Hexadecimal. */
    readonly rosterDigest: string;
    /** SHA-256 of the identity, hexadecimal. */
    readonly coordinator: string;
    readonly members: readonly { readonly name: string; readonly fingerprint: string }[];
  }[];
  readonly rounds: readonly {
    readonly round: number;
    readonly epoch: number;
    readonly attempt: number;
    readonly survivors: number;
    readonly statements: number;
    /** Of the model after it, hexadecimal. */
    readonly modelSha256: string;
  }[];
  /** Of the model after the last round, as computed here: to compare with a model at hand. */
  readonly finalModelSha256: string | null;
}

/** Findings about all lines, in the order of the file. Throws nothing for what a file can hold. */
export function checkTranscript(lines: Iterable<TranscriptLine>): AuditReport {
  const check = new TranscriptCheck();
  for (const line of lines) check.add(line);
  return check.finish();
}

/** The order of kinds: a line comes after those of lower places. */
const places = {
  header: 0,
  plan: 1,
  epoch: 2,
  message: 3,
  sharers: 3,
  aggregate: 4,
  result: 4,
  end: 5,
} as const satisfies Record<LineKind, number>;

/** Takes a transcript line by line, so that none needs to be in memory as a whole. */
export class TranscriptCheck {
  readonly #findings = new Findings();
  readonly #epochs = new Map<number, AuditedEpoch>();
  #reader = new MessageReader(new Uint8Array(16), this.#findings);
  #attempts = new Attempts(this.#findings, this.#reader);
  #header: LineOf<'header'> | undefined;
  #plan: LineOf<'plan'> | undefined;
  #chain: ModelChain | undefined;
  #place = -1;
  #lines = 0;
  /** The round whose aggregate came last, and whether its result has come. */
  #summed: { readonly round: number; told: boolean } | undefined;

  add(line: TranscriptLine): void {
    this.#lines += 1;
    this.#reader.line = this.#lines;
    const { kind } = line;
    if (!this.#findings.expect(this.#isInPlace(line), 'line-out-of-place', { line: this.#lines, kind }))
      return;
    this.#place = places[kind];
    switch (line.kind) {
      case 'header':
        this.#header = line;
        this.#reader = new MessageReader(fromHex(line.session), this.#findings);
        this.#attempts = new Attempts(this.#findings, this.#reader);
        return;
      case 'plan':
        this.#plan = line;
        return;
      case 'epoch':
        this.#addEpoch(line);
        return;
      case 'message':
        this.#addMessage(line);
        return;
      case 'sharers':
        this.#attempts.sharers(line);
        return;
      case 'aggregate':
        this.#addAggregate(line);
        return;
      case 'result':
        this.#addResult(line);
        return;
      case 'end':
        this.#findings.expect(line.lines === this.#lines - 1, 'lines-missing');
    }
  }

  /** Header and plan first and once, an end once and last. */
  #isInPlace({ kind }: TranscriptLine): boolean {
    const place = places[kind];
    const single = kind === 'header' || kind === 'plan' || kind === 'end';
    if (place < this.#place || (single && place === this.#place)) return false;
    if (kind === 'header') return this.#lines === 1;
    return this.#header !== undefined && (place <= places.plan || this.#plan !== undefined);
  }

  #addEpoch(line: LineOf<'epoch'>): void {
    const earlier = [...this.#epochs.values()].at(-1);
    const inOrder = line.epoch > (earlier?.line.epoch ?? 0);
    if (!this.#findings.expect(inOrder, 'epoch-out-of-order', { epoch: line.epoch })) return;
    const audited = readEpoch(line, fromHex(this.#header!.session), earlier, this.#findings);
    if (audited === undefined) return;
    this.#epochs.set(line.epoch, audited);
    const { demonstration } = line.parameters;
    const same =
      demonstration === this.#header!.demonstration && demonstration === this.#plan!.plan.demonstration;
    this.#findings.expect(same, 'demonstration-differs', { epoch: line.epoch });
  }

  #addMessage(line: LineOf<'message'>): void {
    const audited = this.#epochs.get(line.epoch);
    if (audited === undefined) {
      this.#findings.fault('epoch-unusable', { epoch: line.epoch, line: this.#lines });
      return;
    }
    if (isLobbyLine(line)) audited.lobby.receive(line, this.#reader, this.#findings);
    else if (isAttemptLine(line)) this.#attempts.receive(line, audited);
  }

  /** All messages have been read: lobbies and attempts are over, models can be computed. */
  #endMessages(): void {
    if (this.#chain !== undefined) return;
    this.#attempts.finish();
    for (const { lobby } of this.#epochs.values()) lobby.finish(this.#findings);
    const [first] = this.#epochs.values();
    if (first === undefined || this.#plan === undefined) return;
    const { parameters } = first.epoch;
    this.#chain = new ModelChain(this.#plan.plan, parameters, this.#attempts.all, this.#findings);
  }

  #addAggregate(line: LineOf<'aggregate'>): void {
    this.#endMessages();
    this.#expectResult();
    this.#summed = { round: line.round, told: false };
    this.#chain?.add(line);
  }

  #expectResult(): void {
    if (this.#summed === undefined) return;
    const { round, told } = this.#summed;
    this.#findings.expect(told, 'result-missing', { round });
  }

  #addResult(line: LineOf<'result'>): void {
    const { round } = line;
    const asked = this.#summed?.round === round && !this.#summed.told;
    if (!this.#findings.expect(asked, 'result-unasked', { round })) return;
    this.#summed!.told = true;
    const summed = this.#chain?.summed.at(-1);
    // its sum is wrong already, and nothing can be compared with it
    if (summed?.round !== round) return;
    for (const [field, found, expected] of publishedFigures(line, summed))
      this.#findings.expect(found === expected, 'result-differs', {
        round,
        field,
        found: found ?? '–',
        expected: expected ?? '–',
      });
  }

  finish(): AuditReport {
    this.#endMessages();
    this.#expectResult();
    if (this.#place !== places.end) this.#findings.fault('lines-missing');
    this.#chain?.finish();
    this.#checkOutcome();
    const findings = this.#findings.all();
    const {
      kind: _kind,
      format: _format,
      version: _version,
      ...session
    } = this.#header ?? ({} as LineOf<'header'>);
    return {
      ok: findings.every((finding) => finding.ok),
      findings,
      notes: this.#notes(),
      uncheckable,
      session: this.#header === undefined ? null : session,
      epochs: [...this.#epochs.values()].map(describeEpoch),
      rounds: (this.#chain?.summed ?? []).map(describeRound),
      finalModelSha256: this.#chain?.hash ?? null,
    };
  }

  #checkOutcome(): void {
    const used = new Set(this.#attempts.all.map(({ audited }) => audited));
    for (const { line } of used)
      this.#findings.expect(
        line.compared || this.#header?.identitiesCompared === false,
        'comparison-differs',
        { epoch: line.epoch },
      );
    if (this.#header?.outcome !== 'finished') return;
    const planned = [...used].at(-1)?.epoch.parameters.rounds ?? 0;
    // a round that was given up counts: its number is not used again
    const given = this.#attempts.all.filter(({ end }) => end === 'abort').map(({ round }) => round);
    const ended = new Set([...(this.#chain?.summed ?? []).map(({ round }) => round), ...given]);
    const counts = { got: ended.size, needed: planned };
    this.#findings.expect(planned > 0 && ended.size === planned, 'rounds-missing', counts);
  }

  #notes(): AuditNote[] {
    const notes: AuditNote[] = [];
    if (this.#header?.demonstration === true) notes.push({ note: 'demonstration' });
    if (this.#header?.identitiesCompared === false) notes.push({ note: 'identities-not-compared' });
    if (this.#chain?.isByRule === true) notes.push({ note: 'models-by-rule' });
    const attempts = this.#attempts.all;
    const summed = this.#chain?.summed ?? [];
    if (summed.length === 0) notes.push({ note: 'no-rounds' });
    const aborted = attempts.filter(({ end }) => end === 'abort').length;
    if (aborted > 0) notes.push({ note: 'attempts-aborted', count: aborted });
    const sums = new Set(summed.map(({ attempt }) => attempt));
    const cut = attempts.filter((facts) => facts.end === undefined && !sums.has(facts)).length;
    if (cut > 0) notes.push({ note: 'attempts-cut-short', count: cut });
    return [...notes, ...askedAgain(attempts)];
  }
}

/** Rounds over a model that an earlier round had asked statements for. */
function askedAgain(attempts: readonly Attempts['all'][number][]): AuditNote[] {
  const asked = new Map<string, number>();
  const notes = new Map<number, AuditNote>();
  for (const { model, round, u3 } of attempts) {
    const earlier = asked.get(model);
    if (earlier !== undefined && earlier !== round)
      notes.set(round, { note: 'model-asked-again', round, earlier });
    if (u3 !== undefined && earlier === undefined) asked.set(model, round);
  }
  return [...notes.values()];
}

/** Figures that follow from messages and sum: name, as published, as computed here. */
function publishedFigures(
  { clients, reported, clippedRate }: LineOf<'result'>,
  { attempt, metrics }: SummedRound,
): readonly (readonly [string, number | null, number | null])[] {
  const { u1, u2, u3 = [] } = attempt;
  const examples = metrics.loss === null ? null : metrics.weightSum;
  return [
    ['advertised', clients.advertised, u1.length],
    ['shared', clients.shared, (u2 ?? []).length],
    ['masked', clients.masked, u3.length],
    ['loss', reported?.loss ?? null, metrics.loss],
    ['accuracy', reported?.accuracy ?? null, metrics.accuracy],
    ['examples', reported?.examples ?? null, examples],
    ['selected', reported?.selected ?? null, metrics.selected],
    ['clippedRate', clippedRate, metrics.clippedShare],
  ];
}

const lobbyTypes: ReadonlySet<TranscriptType> = new Set([
  'closed-lobby',
  'lobby-acknowledgement',
  'lobby-acknowledgements',
  'nonce-opening',
  'opened-nonces',
]);

type LobbyLine = Parameters<AuditedEpoch['lobby']['receive']>[0];
type AttemptLine = Parameters<Attempts['receive']>[0];

function isLobbyLine(line: LineOf<'message'>): line is LobbyLine {
  return lobbyTypes.has(line.type);
}

function isAttemptLine(line: LineOf<'message'>): line is AttemptLine {
  return !lobbyTypes.has(line.type);
}

function describeEpoch({ line, epoch, words }: AuditedEpoch): AuditReport['epochs'][number] {
  return {
    epoch: line.epoch,
    words,
    rosterDigest: toHex(epoch.rosterDigest),
    coordinator: toHex(fingerprint(line.coordinator)),
    members: line.members.map(({ name, publicKey }) => ({
      name,
      fingerprint: toHex(fingerprint(publicKey)),
    })),
  };
}

function describeRound({ round, attempt, model }: SummedRound): AuditReport['rounds'][number] {
  return {
    round,
    epoch: attempt.audited.line.epoch,
    attempt: attempt.attempt,
    survivors: attempt.u3?.length ?? 0,
    statements: attempt.statements,
    modelSha256: model,
  };
}
