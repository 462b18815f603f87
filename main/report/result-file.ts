/**
 * The JSON form of a result: the result itself with a format name and version in front. What is read back is checked
 * field by field, as such a file may come from anywhere, and a report is made from it.
 */
import { z } from 'zod';
import { engineNames, processReasons } from '../../core/contract/engines.ts';
import { costPhases, eventKinds, type RunResult } from '../../core/contract/run-result.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { roundPrivacySchema } from '../../core/contract/session-round.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { runOf } from '../../core/results/figures.ts';

const resultFormat = 'masquerade-result';
/** Grows when a field changes its meaning or goes; new fields do not change it. */
const resultFormatVersion = 1;

export function resultJson(result: RunResult): string {
  return `${JSON.stringify({ format: resultFormat, formatVersion: resultFormatVersion, ...result }, null, 1)}\n`;
}

const finite = z.number();
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const amount = z.number().min(0);
const meanAndMax = z.object({ mean: amount, max: amount });
const text = z.string().max(10_000);
const scores = { accuracy: share, f1Weighted: share, loss: amount };

const roundSchema = z.object({
  round: count.min(1),
  attempts: count,
  ...scores,
  clients: z.object({ advertised: count, shared: count, masked: count, unmasked: count }),
  dropped: z.array(count),
  refused: z.array(z.object({ client: count, phase: text, reason: text })),
  exactSum: z.boolean().nullable(),
  quantisationError: z.object({ largest: amount, bound: amount }).nullable(),
  clippedRate: share.nullable(),
  bytesUpPerClient: meanAndMax,
  bytesDownPerClient: meanAndMax,
  ms: z.object({ train: amount, client: amount, coordinator: amount, evaluate: amount, total: amount }),
  phases: z.array(
    z.object({
      phase: z.enum(costPhases),
      clientMs: amount,
      coordinatorMs: amount,
      bytesUp: amount,
      bytesDown: amount,
    }),
  ),
  confusion: z.array(count),
  reported: z.object({ loss: finite, accuracy: finite, examples: amount, selected: amount }).nullable(),
  privacy: z.object(roundPrivacySchema.shape).exactOptional(),
});

const sessionRoundSchema = roundSchema
  .omit({ exactSum: true, quantisationError: true, phases: true, ms: true })
  .extend({
    ms: z.object({ coordinator: amount, evaluate: amount, total: amount }),
    epoch: count,
    finishedAt: z.iso.datetime(),
  });

const eventSchema = z.object({
  round: count,
  attempt: count,
  phase: text,
  client: count.exactOptional(),
  kind: z.enum(eventKinds),
  detail: z.record(z.string(), z.union([text, finite])),
});

const resolvedSchema = z.object({
  threshold: count,
  graph: z.enum(['complete', 'sparse']),
  neighbours: count,
  neighbourThreshold: count,
  bits: count,
  scale: amount,
  clipBound: amount,
});
const modelSchema = z.object({ name: text, parameters: count, architectureSha256: text });
const finalSchema = z.object({ accuracy: share, f1Weighted: share, modelSha256: text });

const engineSchema = z.object({
  name: text,
  variant: text,
  processes: count,
  reason: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.enum(['fastest', 'asked']) }),
      z.object({ kind: z.literal('only'), refusal: text }),
    ])
    .exactOptional(),
  speeds: z
    .array(z.object({ engine: z.enum(engineNames), variant: text, imagesPerSecond: amount }))
    .exactOptional(),
  plan: z
    .object({
      processes: count,
      reason: z.enum(processReasons),
      cores: count,
      freeBytes: amount,
      bytesEach: amount,
      onBattery: z.boolean(),
    })
    .exactOptional(),
});

const simulationSchema = z.object({
  kind: z.literal('simulation'),
  startedAt: z.iso.datetime(),
  seconds: amount,
  settings: runSettingsSchema,
  resolved: resolvedSchema,
  dataset: z.object({
    name: text,
    digest: text,
    classNames: z.array(text).min(1),
    train: count,
    test: count,
  }),
  model: modelSchema,
  engine: engineSchema,
  environment: z.object({ masquerade: text, node: text, platform: text, processor: text, cores: count }),
  rounds: z.array(roundSchema),
  events: z.array(eventSchema),
  ended: text.exactOptional(),
  aborted: z
    .object({ round: count, attempt: count, phase: text, reason: text, needed: count, got: count })
    .exactOptional(),
  trainingShare: amount,
  final: finalSchema,
});

const comparisonSchema = z.object({
  kind: z.literal('comparison'),
  startedAt: z.iso.datetime(),
  seconds: amount,
  rows: z.array(
    z.object({
      name: z.enum(['centralised', 'single-client', 'federated']),
      accuracy: share,
      f1Weighted: share,
      seconds: amount,
      examples: count,
      curve: z.array(z.object(scores)),
    }),
  ),
  simulation: simulationSchema,
});

const words = z.array(text).max(4);
const membersSchema = z.array(z.object({ number: count.min(1), name: text, fingerprint: text })).max(500);

const sessionSchema = z.object({
  kind: z.literal('session'),
  startedAt: z.iso.datetime(),
  seconds: amount,
  masquerade: text,
  session: z.object({
    id: text,
    title: text,
    role: z.enum(['coordinator', 'participant']),
    state: z.enum(['lobby', 'running', 'finished', 'stopped', 'aborted']),
    fingerprint: text,
    own: count.nullable(),
    demonstration: z.boolean(),
    identitiesCompared: z.boolean(),
    words,
    members: membersSchema,
    epochs: z.array(
      z.object({
        epoch: count,
        startedAt: z.iso.datetime(),
        confirmedAt: z.iso.datetime().nullable(),
        compared: z.boolean(),
        threshold: count,
        words,
        members: membersSchema,
      }),
    ),
  }),
  settings: runSettingsSchema.omit({
    clients: true,
    drop: true,
    dropAt: true,
    engine: true,
    rsaBits: true,
    processes: true,
    privacyBudget: true,
  }),
  resolved: resolvedSchema.nullable(),
  dataset: z.object({
    name: text,
    digest: text,
    classNames: z.array(text).min(1),
    mode: z.enum(['dealt', 'own']),
    test: count.nullable(),
  }),
  model: modelSchema,
  engine: text.exactOptional(),
  rounds: z.array(sessionRoundSchema),
  attempts: z.array(
    z.object({
      epoch: count,
      round: count,
      attempt: count,
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime().nullable(),
      outcome: text.nullable(),
    }),
  ),
  phases: z.array(
    z.object({
      round: count,
      attempt: count,
      phase: text,
      ms: amount,
      awaited: count,
      answered: count,
      deadlineMs: amount,
    }),
  ),
  events: z.array(eventSchema),
  ended: text.exactOptional(),
  final: finalSchema.nullable(),
});

const resultSchema = z.discriminatedUnion('kind', [simulationSchema, comparisonSchema, sessionSchema]);

/**
 * Reads what `resultJson` wrote, or what `simulate --json` and `compare --json` print; `path` is for messages only.
 * Throws 'file-unreadable': not JSON, another format, a newer version, or a field that is missing or wrong, named.
 */
export function parseResultJson(json: string, path: string): RunResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unreadable(path, 'it is not JSON', cause);
  }
  const header = z
    .object({ format: z.literal(resultFormat).optional(), formatVersion: z.int().optional() })
    .safeParse(value);
  if (!header.success) throw unreadable(path, 'it is not a result of Masquerade');
  if ((header.data.formatVersion ?? resultFormatVersion) > resultFormatVersion)
    throw unreadable(
      path,
      `its format version ${String(header.data.formatVersion)} is newer than ${resultFormatVersion}, which this Masquerade reads`,
    );
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(path, `its field ${issue?.path.join('.') ?? ''} is wrong (${issue?.message ?? ''})`);
  }
  return withMatchingConfusion(parsed.data, path);
}

/** A confusion matrix must be as large as the list of classes. */
function withMatchingConfusion(result: RunResult, path: string): RunResult {
  const { dataset, rounds } = runOf(result);
  const cells = dataset.classNames.length ** 2;
  const wrong = rounds.find((round) => round.confusion.length !== cells);
  if (wrong !== undefined)
    throw unreadable(
      path,
      `the confusion matrix of round ${wrong.round} has ${wrong.confusion.length} cells, and must have ${cells}`,
    );
  return result;
}

function unreadable(path: string, reason: string, cause?: unknown): FederationError<'file-unreadable'> {
  return new FederationError(
    'file-unreadable',
    `Cannot read ${path} as a result, as ${reason}. Choose the JSON file of a run.`,
    {
      details: { path, reason },
      blame: 'user',
      action: 'correct',
      cause,
    },
  );
}
