/**
 * The lines of an audit file: the signed transcript of a session that has ended, for anyone to check. docs/audit.md
 * describes the format, check-transcript.ts what can be checked of it.
 *
 * Holds what was signed, the sums, and nothing else: no individual update, no vector (masked or not), no share, no key
 * that is secret, of any length of time.
 */
import { z } from 'zod';
import { sessionPlanSchema } from '../contract/session-plan.ts';
import { roundParametersSchema } from '../secagg/parameters.ts';
import type { MessageType } from '../wire/messages.ts';

export const transcriptFormat = 'masquerade-audit';
/** Grows when a line changes its meaning or goes. */
export const transcriptVersion = 1;

/** The messages that a transcript holds, without their attachments. */
export const transcriptTypes = [
  'closed-lobby',
  'lobby-acknowledgement',
  'lobby-acknowledgements',
  'nonce-opening',
  'opened-nonces',
  'announcement',
  'key-advert',
  'masked-input',
  'statement-request',
  'statement',
  'result',
  'abort',
  'withdrawal',
] as const satisfies readonly MessageType[];

export type TranscriptType = (typeof transcriptTypes)[number];

/** Base64 (RFC 4648, section 4) in its one form. */
const bytes = (maximum: number) =>
  z
    .string()
    .max(Math.ceil(maximum / 3) * 4)
    .transform((text, context): Uint8Array => {
      const decoded = Buffer.from(text, 'base64');
      if (decoded.toString('base64') !== text)
        context.addIssue({ code: 'custom', message: 'must be base64' });
      // a copy of its own: sums are read as words, which must be aligned
      return new Uint8Array(decoded);
    });

const largestKey = 1024;
const largestMessage = 2 ** 22;
/** The numbers of a model of 50 million parameters, the largest that can be trained. */
const largestSum = 2 ** 29;

const count = z.int().min(0).max(0xffffffff);
const number = count.min(1);
const text = z.string().max(1000);
const share = z.number().min(0).max(1);
const amount = z.number().min(0);
const position = { epoch: number, round: count, attempt: count };

const headerLine = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(transcriptFormat),
  version: z.literal(transcriptVersion),
  /** Version of the program that wrote it. */
  masquerade: text,
  session: z.string().regex(/^[0-9a-f]{32}$/),
  title: text,
  startedAt: text,
  endedAt: text.nullable(),
  /** How the session ended: 'finished', 'target', 'stopped', or an abort's code. */
  outcome: text,
  demonstration: z.boolean(),
  /** False once somebody accepted the words without comparing them. */
  identitiesCompared: z.boolean(),
  /** What evaluated on the writer's machine: 'compiled (relaxed SIMD)', several where they changed; '' where it is not known. */
  engine: text,
});

/** What everybody was told before joining: among it topology and seed, which give the initial weights. */
const planLine = z.strictObject({ kind: z.literal('plan'), plan: sessionPlanSchema });

const epochLine = z.strictObject({
  kind: z.literal('epoch'),
  epoch: number,
  /** SubjectPublicKeyInfo, DER. */
  coordinator: bytes(largestKey),
  /** The session's TLS public key; empty where nothing travelled over a network. */
  transportKey: bytes(largestKey),
  members: z
    .array(z.strictObject({ name: z.string().min(1).max(60), publicKey: bytes(largestKey) }))
    .min(1)
    .max(500),
  parameters: roundParametersSchema,
  /** What everyone opened, the coordinator's first. */
  nonces: z.array(bytes(32)).max(501),
  /** Whether the writer compared the words. */
  compared: z.boolean(),
});

const messageLine = z.strictObject({
  kind: z.literal('message'),
  ...position,
  type: z.enum(transcriptTypes),
  /** 0: the coordinator; 1 .. n: members. */
  sender: z.int().min(0).max(500),
  /** Header, body and signature (core/wire/envelope.ts). */
  bytes: bytes(largestMessage),
});

/** U2 of an attempt, which nothing else in a transcript tells: every masked input signs its digest. */
const sharersLine = z.strictObject({
  kind: z.literal('sharers'),
  ...position,
  /** core/wire/client-set.ts */
  clients: bytes(63),
});

/** The unmasked sum over U3, [vectorLength], little-endian. */
const aggregateLine = z.strictObject({
  kind: z.literal('aggregate'),
  ...position,
  /** float64 only where quantisation is off. */
  numbers: z.enum(['int32', 'float64']),
  sum: bytes(largestSum),
});

/** What was published of a round. */
const resultLine = z.strictObject({
  kind: z.literal('result'),
  epoch: number,
  round: number,
  finishedAt: text,
  accuracy: share,
  f1Weighted: share,
  loss: amount,
  clippedRate: amount.nullable(),
  clients: z.strictObject({ advertised: count, shared: count, masked: count, unmasked: count }),
  /** Read from the aggregate; null under differential privacy, as clippedRate. */
  reported: z.strictObject({ loss: amount, accuracy: amount, examples: amount, selected: amount }).nullable(),
});

/** Without it, a transcript that was cut off between two lines would look whole. */
const endLine = z.strictObject({ kind: z.literal('end'), /** Lines before this one. */ lines: count });

export const transcriptLineSchema = z.discriminatedUnion('kind', [
  headerLine,
  planLine,
  epochLine,
  messageLine,
  sharersLine,
  aggregateLine,
  resultLine,
  endLine,
]);

export type TranscriptLine = Readonly<z.output<typeof transcriptLineSchema>>;
export type LineKind = TranscriptLine['kind'];
export type LineOf<Kind extends LineKind> = Extract<TranscriptLine, { kind: Kind }>;

/** A line as JSON text, without its line break. */
export function formatLine(line: TranscriptLine): string {
  return JSON.stringify(line, function (this: Record<string, unknown>, key, value: unknown) {
    // not `value`: a Buffer would have become an object by its toJSON()
    const item = this[key];
    if (!(item instanceof Uint8Array)) return value;
    return Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64');
  });
}
