/**
 * Writes the audit file of a session that has ended: its signed history, from the coordinator's store. Line by line into
 * gzip, so that a long session needs no more memory than a short one; whole or not at all.
 */
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { toHex } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { transcriptFormat, transcriptTypes, transcriptVersion } from '../../core/audit/transcript.ts';
import { type TranscriptLine, type TranscriptType, formatLine } from '../../core/audit/transcript.ts';
import { roundParametersSchema } from '../../core/secagg/parameters.ts';
import { decodeCanonical } from '../../core/wire/canonical-cbor.ts';
import { headerBytes, readHeader } from '../../core/wire/header.ts';
import { messageTypes } from '../../core/wire/messages.ts';
import { writeWholeFile } from '../files/files.ts';
import type { CompletedRound, SessionRow, SignedMessageRow, Store } from '../storage/store.ts';

/** What is read of a store. */
export type AuditSource = Pick<
  Store,
  'session' | 'epochs' | 'messages' | 'completedRounds' | 'sessionEngines'
>;

/**
 * Writes the audit file of a session. version: of this program. Throws FederationError 'invalid-setting' when there is no
 * such session, it has not ended, or this machine was not its coordinator (a participant never sees the sums);
 * 'file-unreadable' when the file cannot be written, what stood there before untouched.
 */
export async function writeAudit(
  store: AuditSource,
  session: string,
  path: string,
  version: string,
): Promise<void> {
  await writeWholeFile(path, auditFile(store, session, version));
}

/** The file's bytes, piece by piece. Throws as writeAudit() does, what concerns the file apart. */
export function auditFile(store: AuditSource, session: string, version: string): AsyncIterable<Uint8Array> {
  const row = endedSession(store, session);
  const lines = Readable.from(textOf(auditLines(store, row, version)));
  // an error in the lines ends the packing with it
  return lines.compose<Readable>(createGzip());
}

function endedSession(store: AuditSource, session: string): SessionRow {
  const row = store.session(session);
  const allowed = 'a session that has ended, coordinated by this machine';
  if (row?.role === 'coordinator' && row.state !== 'lobby' && row.state !== 'running') return row;
  const found =
    row === undefined ? 'unknown here' : row.role === 'coordinator' ? row.state : 'one it only joined';
  throw new FederationError(
    'invalid-setting',
    `Cannot write the audit file of session ${session}, as it must be ${allowed}, and is ${found}.`,
    { details: { field: 'session', value: session, allowed }, blame: 'user', action: 'correct' },
  );
}

function* textOf(lines: Iterable<TranscriptLine>): Generator<string> {
  for (const line of lines) yield `${formatLine(line)}\n`;
}

/** The transcript of a session, line by line. Throws ZodError when the store holds another form of plan or parameters. */
export function* auditLines(store: AuditSource, row: SessionRow, version: string): Generator<TranscriptLine> {
  let lines = 0;
  for (const line of linesOf(store, row, version)) {
    lines += 1;
    yield line;
  }
  yield { kind: 'end', lines };
}

function* linesOf(store: AuditSource, row: SessionRow, version: string): Generator<TranscriptLine> {
  const { session } = row;
  yield {
    kind: 'header',
    format: transcriptFormat,
    version: transcriptVersion,
    masquerade: version,
    session,
    title: row.title,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    outcome: row.endedReason ?? row.state,
    demonstration: row.demonstration,
    identitiesCompared: row.identitiesCompared,
    engine: store.sessionEngines(session).join(', '),
  };
  yield { kind: 'plan', plan: sessionPlanSchema.parse(JSON.parse(row.plan)) };
  const epochs = new Set<number>();
  for (const { epoch, members, nonces, parameters, compared } of store.epochs(session)) {
    epochs.add(epoch);
    yield {
      kind: 'epoch',
      epoch,
      coordinator: row.coordinatorKey,
      transportKey: row.transportKey,
      members: members.map(({ name, publicKey }) => ({ name, publicKey })),
      parameters: roundParametersSchema.parse(JSON.parse(parameters)),
      nonces: [...nonces],
      compared,
    };
  }
  for (const message of withoutRepetitions(store.messages(session))) {
    // a lobby that no epoch came of says nothing about the session
    if (!epochs.has(message.epoch)) continue;
    const line = messageLine(message);
    if (line !== undefined) yield line;
  }
  for (const round of store.completedRounds(session)) yield* roundLines(round);
}

/** Without what was sent again, byte for byte, in the same attempt: to several members, or after a reconnection. */
function* withoutRepetitions(rows: Iterable<SignedMessageRow>): Generator<SignedMessageRow> {
  let seen = new Set<string>();
  let place = '';
  for (const row of rows) {
    const here = `${row.epoch} ${row.round} ${row.attempt}`;
    if (here !== place) seen = new Set();
    place = here;
    const digest = toHex(sha256(row.bytes));
    if (seen.has(digest)) continue;
    seen.add(digest);
    yield row;
  }
}

/** Undefined for what no transcript holds. */
function messageLine({
  epoch,
  round,
  attempt,
  type,
  sender,
  bytes,
}: SignedMessageRow): TranscriptLine | undefined {
  const place = { epoch, round, attempt };
  if (isTranscriptType(type)) return { kind: 'message', ...place, type, sender, bytes };
  if (type !== 'relayed-shares') return undefined;
  const clients = sharersIn(bytes);
  return clients === undefined ? undefined : { kind: 'sharers', ...place, clients };
}

function isTranscriptType(type: string): type is TranscriptType {
  return (transcriptTypes as readonly string[]).includes(type);
}

/** U2, from what the coordinator sent along with the shares: only the set, nothing about the shares themselves. */
function sharersIn(bytes: Uint8Array): Uint8Array | undefined {
  const header = readHeader(bytes);
  if (!header.ok) return undefined;
  const body = decodeCanonical(bytes.subarray(headerBytes, headerBytes + header.value.bodyBytes));
  const parsed = messageTypes['relayed-shares'].body.safeParse(body);
  return parsed.data?.u2;
}

function* roundLines({ epoch, round, finishedAt, result, sum }: CompletedRound): Generator<TranscriptLine> {
  if (sum === null) return;
  const { accuracy, f1Weighted, loss, clippedRate, clients, reported, attempts } = result;
  yield {
    kind: 'aggregate',
    epoch,
    round,
    attempt: attempts,
    numbers: sum instanceof Int32Array ? 'int32' : 'float64',
    sum: new Uint8Array(sum.buffer, sum.byteOffset, sum.byteLength),
  };
  yield {
    kind: 'result',
    epoch,
    round,
    finishedAt,
    accuracy,
    f1Weighted,
    loss,
    clippedRate,
    clients: { ...clients },
    reported: reported && {
      loss: reported.loss,
      accuracy: reported.accuracy,
      examples: reported.examples,
      selected: reported.selected,
    },
  };
}
