/**
 * What messages cost: sealing and opening each kind as it is (CBOR, RSA-PSS), beside the same fields in JSON with byte
 * strings in base64, signed by the same key, checked by the same schema. A message that travels inside another is its
 * bytes in both. Twice each: whole, and the codec alone (the same without a signature). Then the masked vector, packed,
 * beside its plain Uint32Array and beside JSON's list of numbers.
 *
 * JSON does here what a careful program would have to: the text that was signed is made again from what was parsed, and
 * digests of attachments are compared as in core/wire/envelope.ts.
 */
import type { z } from 'zod';
import { equalBytes, utf8 } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { randomStream } from '../../core/random/stream.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { packBits, unpackBits } from '../../core/secagg/packing.ts';
import { unsignedKeyring, unsignedSigner } from '../../core/secagg/roster.ts';
import {
  openMessage,
  sealMessage,
  type Keyring,
  type Opened,
  type Signer,
} from '../../core/wire/envelope.ts';
import { readHeader } from '../../core/wire/header.ts';
import { messageTypes, type Body, type MessageType } from '../../core/wire/messages.ts';
import { median, threadCpuMs, type BenchPart, type BenchRow } from './table.ts';
import { captureRound, type CapturedRound } from './wire-round.ts';

const clients = 20;
const parameterCount = 241_546;
/** Processor time of one sample, at least: long beside what the clock cannot tell apart (main/compute/thread-cpu-ms.ts). */
const sampleMs = 20;

export interface WireOptions {
  /** Samples of each. */
  readonly repeat: number;
  readonly onProgress: (text: string) => void;
}

export async function benchWire({ repeat, onProgress }: WireOptions): Promise<BenchPart> {
  onProgress(`wire: a round of ${clients} clients`);
  const round = await captureRound(clients, parameterCount);
  const rows: BenchRow[] = [];
  for (const type of round.messages.keys()) {
    onProgress(`wire: ${type}`);
    rows.push(messageRow(type, round, repeat));
  }
  onProgress('wire: masked vector');
  rows.push(...vectorRows(round, repeat));
  return {
    name: 'wire',
    about:
      `Messages of one round, ${clients} clients, ${parameterCount.toLocaleString('en')} parameters; baseline: JSON with base64. ` +
      `seal and open: whole, signature included; codec: without it. Processor time, medians of ${repeat}.`,
    rows,
  };
}

function messageRow(type: MessageType, captured: CapturedRound, repeat: number): BenchRow {
  const { epoch, signers } = captured;
  const bytes = captured.messages.get(type)!;
  const { header, body, attachment } = open(type, bytes, epoch, epoch.keyring);
  const seal = (signer: Signer): Uint8Array => sealMessage(type, header, body, signer, attachment);
  const fields: JsonFields = { ...header, type, body, attachment };
  const signer = signers[header.sender]!;
  const [noSigner, noKeyring] = [unsignedSigner(header.sender), unsignedKeyring(epoch.roster)];
  const unsigned = seal(noSigner);
  const json = sealJson(fields, signer);
  const unsignedJson = sealJson(fields, noSigner);
  const times = measure(repeat, {
    sealMs: () => seal(signer),
    openMs: () => open(type, bytes, epoch, epoch.keyring),
    jsonSealMs: () => sealJson(fields, signer),
    jsonOpenMs: () => openJson(json, epoch.keyring),
    codecSealMs: () => seal(noSigner),
    codecOpenMs: () => open(type, unsigned, epoch, noKeyring),
    jsonCodecSealMs: () => sealJson(fields, noSigner),
    jsonCodecOpenMs: () => openJson(unsignedJson, noKeyring),
  });
  return { message: type, ...sizes(bytes.length, json.length), ...times };
}

function sizes(bytes: number, jsonBytes: number): BenchRow {
  return { bytes, jsonBytes, ratioBytes: bytes / jsonBytes };
}

/** Throws when a message of the round itself, or its copy, is refused: a benchmark of a refusal is worth nothing. */
function open<Type extends MessageType>(
  type: Type,
  bytes: Uint8Array,
  { limits }: Epoch,
  keyring: Keyring,
): Opened<Type> {
  const header = readHeader(bytes);
  if (!header.ok) throw new Error(`${type}: ${header.reason}`);
  const { session, round, attempt } = header.value;
  const opened = openMessage(bytes, { type, session, round, attempt, maxBytes: limits[type] }, keyring);
  if (!opened.ok) throw new Error(`${type}: ${opened.reason}`);
  return opened.value;
}

interface JsonFields {
  readonly type: MessageType;
  readonly session: Uint8Array;
  readonly round: number;
  readonly attempt: number;
  readonly sender: number;
  readonly body: object;
  readonly attachment: Uint8Array;
}

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');

/** Byte strings as base64; the bodies of a round hold no other strings. */
function toPlain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toPlain(field)]));
}

function fromPlain(value: unknown): unknown {
  if (typeof value === 'string') return fromBase64(value);
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fromPlain(field)]));
}

function sealJson({ type, session, round, attempt, sender, body, attachment }: JsonFields, signer: Signer) {
  const signed = { type, session: toBase64(session), round, attempt, sender, body: toPlain(body) };
  const text = JSON.stringify(signed);
  const signature = toBase64(signer.sign(utf8(text)));
  return utf8(`{"signed":${text},"signature":"${signature}","attachment":"${toBase64(attachment)}"}`);
}

interface JsonMessage {
  readonly signed: { readonly type: MessageType; readonly sender: number; readonly body: object };
  readonly signature: string;
  readonly attachment: string;
}

/** Throws like `open`. */
function openJson(bytes: Uint8Array, keyring: Keyring): unknown {
  const { signed, signature, attachment } = JSON.parse(decoder.decode(bytes)) as JsonMessage;
  if (!keyring.verify(signed.sender, fromBase64(signature), utf8(JSON.stringify(signed))))
    throw new Error(`${signed.type}: the signature of its JSON is wrong`);
  const schema: z.ZodType = messageTypes[signed.type].body;
  const body = schema.parse(fromPlain(signed.body));
  const carried = fromBase64(attachment);
  if (signed.type === 'masked-input') {
    const { vector } = body as Body<'masked-input'>;
    if (!equalBytes(sha256(carried), vector)) throw new Error('the digest of the vector is wrong');
  }
  return { body, carried };
}

const decoder = new TextDecoder();

/** The vector as it is in memory after masking: uniform, so that no encoding can be lucky. */
function vectorRows({ epoch }: CapturedRound, repeat: number): BenchRow[] {
  const { bits, vectorLength } = epoch.parameters;
  const stream = randomStream(1, 'bench');
  const vector = Uint32Array.from({ length: vectorLength }, () => stream.nextBelow(2 ** bits));
  const packed = packBits(vector, bits);
  const plain = new Uint8Array(vector.buffer).slice();
  const json = JSON.stringify([...vector]);
  const { packMs, unpackMs, copyMs, copyBackMs, jsonSealMs, jsonOpenMs } = measure(repeat, {
    packMs: () => packBits(vector, bits),
    unpackMs: () => unpackBits(packed, vectorLength, bits)!,
    copyMs: () => new Uint8Array(vector.buffer).slice(),
    copyBackMs: () => new Uint32Array(plain.slice().buffer),
    jsonSealMs: () => JSON.stringify(Array.from(vector)),
    jsonOpenMs: () => Uint32Array.from(JSON.parse(json) as number[]),
  });
  const jsonTimes = { jsonSealMs, jsonOpenMs };
  const row = (message: string, bytes: number, sealMs: number, openMs: number): BenchRow => {
    return { message, ...sizes(bytes, json.length), sealMs, openMs, ...jsonTimes };
  };
  return [
    row(`vector, packed at ${bits} bits`, packed.length, packMs, unpackMs),
    row('vector, plain Uint32Array', plain.length, copyMs, copyBackMs),
  ];
}

/** Medians of the processor time of one call, ms. Samples of the tasks alternate, so that a busy moment hits all. */
function measure<Name extends string>(
  repeat: number,
  tasks: Readonly<Record<Name, () => unknown>>,
): Record<Name, number> {
  const named = Object.entries(tasks) as [Name, () => unknown][];
  const samples = named.map(([name, task]) => ({
    name,
    task,
    calls: callsPerSample(task),
    times: [] as number[],
  }));
  for (let sample = 0; sample < repeat; sample += 1)
    for (const { task, calls, times } of samples) times.push(timeOf(task, calls) / calls);
  return Object.fromEntries(samples.map(({ name, times }) => [name, median(times)])) as Record<Name, number>;
}

function timeOf(task: () => unknown, calls: number): number {
  const before = threadCpuMs();
  for (let call = 0; call < calls; call += 1) task();
  return threadCpuMs() - before;
}

/** Doubles until a sample is long enough; what this runs warms the task up. */
function callsPerSample(task: () => unknown): number {
  let calls = 1;
  while (timeOf(task, calls) < sampleMs) calls *= 2;
  return calls;
}
