/** Results as a run leaves them, made up but plausible, for the tests of the report. */
import type {
  ComparisonResult,
  ComparisonRow,
  PhaseResult,
  ProtocolEvent,
  RoundResult,
  SimulationResult,
} from '../../../core/contract/run-result.ts';
import type { SessionEpoch, SessionMember, SessionResult } from '../../../core/contract/session-result.ts';
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';

export interface SampleOptions {
  readonly settings?: Partial<RunSettings>;
  readonly roundsDone?: number;
  readonly classNames?: readonly string[];
  readonly datasetName?: string;
  readonly modelName?: string;
  readonly ended?: string;
}

const digits = Array.from({ length: 10 }, (_, index) => String(index));

/** A small generator, so that a sample is the same every time. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Errors near the diagonal; the diagonal holds the rest, so that accuracy is what the matrix says. */
function sampleConfusion(classes: number, test: number, accuracy: number, next: () => number): number[] {
  const confusion = new Array<number>(classes * classes).fill(0);
  const perClass = Math.floor(test / classes);
  const errors = Math.round(test * (1 - accuracy));
  for (let index = 0; index < classes; index += 1) confusion[index * classes + index] = perClass;
  for (let error = 0; error < errors; error += 1) {
    const actual = Math.floor(next() * classes);
    const predicted = (actual + 1 + Math.floor(next() ** 3 * (classes - 1))) % classes;
    const right = actual * classes + actual;
    if ((confusion[right] ?? 0) === 0) continue;
    confusion[right] = (confusion[right] ?? 0) - 1;
    confusion[actual * classes + predicted] = (confusion[actual * classes + predicted] ?? 0) + 1;
  }
  return confusion;
}

const phases: readonly PhaseResult[] = [
  { phase: 'advertise-keys', clientMs: 0.61, coordinatorMs: 1.4, bytesUp: 486, bytesDown: 9_720 },
  { phase: 'share-keys', clientMs: 6.2, coordinatorMs: 2.9, bytesUp: 3_180, bytesDown: 3_410 },
  { phase: 'masked-input', clientMs: 31.4, coordinatorMs: 41.8, bytesUp: 634_402, bytesDown: 966_612 },
  { phase: 'statement', clientMs: 0.83, coordinatorMs: 1.1, bytesUp: 610, bytesDown: 1_322 },
  { phase: 'unmask', clientMs: 0.42, coordinatorMs: 8.3, bytesUp: 1_108, bytesDown: 7_240 },
  { phase: 'aggregate', clientMs: 0, coordinatorMs: 22.6, bytesUp: 0, bytesDown: 0 },
];

export function sampleSimulation(options: SampleOptions = {}): SimulationResult {
  const settings = runSettingsSchema.parse({ ...options.settings });
  const next = sequence(settings.seed);
  const classNames = options.classNames ?? digits;
  const sparse = settings.clients > 200;
  const dropCount = Math.floor(settings.drop * settings.clients);
  const test = 10_000;
  const rounds: RoundResult[] = [];
  const events: ProtocolEvent[] = [];
  for (let round = 1; round <= (options.roundsDone ?? settings.rounds); round += 1) {
    const accuracy = 0.9835 - 0.0726 / round ** 1.75;
    const dropped = new Set<number>();
    while (dropped.size < dropCount) dropped.add(1 + Math.floor(next() * settings.clients));
    const clients = {
      advertised: settings.clients,
      shared: settings.clients,
      masked: settings.clients - dropCount,
      unmasked: settings.clients - dropCount,
    };
    const refused =
      dropCount > 0 && round === 2 ? [{ client: 7, phase: 'masked-input', reason: 'bad-signature' }] : [];
    const confusion = sampleConfusion(classNames.length, test, accuracy, next);
    const right = classNames.reduce(
      (sum, _, index) => sum + (confusion[index * (classNames.length + 1)] ?? 0),
      0,
    );
    const exact = right / confusion.reduce((sum, count) => sum + count, 0);
    rounds.push({
      round,
      attempts: 1,
      accuracy: exact,
      f1Weighted: exact - 0.0003,
      loss: 0.061 + 0.24 / round ** 1.4,
      clients,
      dropped: [...dropped].sort((first, second) => first - second),
      refused,
      exactSum: settings.quantisation ? true : null,
      quantisationError: settings.quantisation
        ? { largest: 3.1e-6 * (1 + next() / 4), bound: 9.16e-6 }
        : null,
      clippedRate: 0,
      bytesUpPerClient: { mean: 639_786, max: 639_802 },
      bytesDownPerClient: { mean: 988_304, max: 988_320 },
      ms: {
        train: 5_412 + 300 * next(),
        client: 39.5 + 2 * next(),
        coordinator: 78.1 + 3 * next(),
        evaluate: 612,
        total: 6_480,
      },
      phases,
      confusion,
      reported: { loss: 0.2 / round, accuracy: exact, examples: 60_000, selected: clients.masked },
    });
    const event = (
      kind: ProtocolEvent['kind'],
      phase: string,
      client: number,
      detail: ProtocolEvent['detail'],
    ): void => {
      events.push({ round, attempt: 1, phase, client, kind, detail });
    };
    for (const client of dropped) event('dropped', settings.dropAt, client, { after: 'share-keys' });
    for (const client of dropped) event('recovered', 'unmask', client, { shares: 14, needed: 14 });
    for (const { client, phase, reason } of refused) event('refused', phase, client, { reason });
  }
  const last = rounds.at(-1);
  return {
    kind: 'simulation',
    startedAt: '2026-11-24T10:12:00.000Z',
    seconds: 34.2,
    settings,
    resolved: {
      threshold: settings.threshold ?? Math.floor((2 * settings.clients) / 3) + 1,
      graph: sparse ? 'sparse' : 'complete',
      neighbours: sparse ? 90 : settings.clients,
      neighbourThreshold: sparse ? 64 : Math.floor((2 * settings.clients) / 3) + 1,
      bits: sparse ? 25 : 21,
      scale: 174_762.6,
      clipBound: 0.3,
    },
    dataset: {
      name: options.datasetName ?? 'MNIST',
      digest: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      classNames,
      train: 60_000,
      test,
    },
    model: {
      name: options.modelName ?? 'cnn',
      parameters: 241_546,
      architectureSha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    engine: {
      name: 'compiled',
      variant: 'relaxed SIMD',
      processes: 2,
      reason: { kind: 'fastest' },
      speeds: [
        { engine: 'compiled', variant: 'relaxed SIMD', imagesPerSecond: 5412.25 },
        { engine: 'wasm', variant: 'SIMD', imagesPerSecond: 430.5 },
      ],
      plan: {
        processes: 2,
        reason: 'cores',
        cores: 2,
        freeBytes: 6_000_000_000,
        bytesEach: 170_000_000,
        onBattery: false,
      },
    },
    environment: {
      masquerade: '0.1.0',
      node: '24.21.0',
      platform: 'linux x64',
      processor: 'AMD EPYC 7B13',
      cores: 2,
    },
    rounds,
    events,
    ...(options.ended === undefined ? {} : { ended: options.ended }),
    trainingShare: 0.734,
    final: {
      accuracy: last?.accuracy ?? 0,
      f1Weighted: last?.f1Weighted ?? 0,
      modelSha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
  };
}

export function sampleComparison(options: SampleOptions = {}): ComparisonResult {
  const simulation = sampleSimulation(options);
  const curve = (values: readonly number[], loss: number): ComparisonRow['curve'] =>
    values.map((accuracy, index) => ({
      accuracy,
      f1Weighted: accuracy - 0.0002,
      loss: loss / (index + 1) ** 0.6,
    }));
  const row = (
    name: ComparisonRow['name'],
    points: ComparisonRow['curve'],
    examples: number,
    seconds: number,
  ): ComparisonRow => ({
    name,
    accuracy: points.at(-1)?.accuracy ?? 0,
    f1Weighted: points.at(-1)?.f1Weighted ?? 0,
    seconds,
    examples,
    curve: points,
  });
  const each = Math.floor(60_000 / simulation.settings.clients);
  const federated = simulation.rounds.map(({ accuracy, f1Weighted, loss }) => ({
    accuracy,
    f1Weighted,
    loss,
  }));
  const rows = [
    row('centralised', curve([0.9841, 0.9893, 0.9905, 0.9911, 0.9923], 0.0502), 60_000, 43.1),
    row('single-client', curve([0.9168, 0.9496, 0.9571, 0.9654, 0.9633], 0.281), each, 3.4),
    row('federated', federated, each * simulation.settings.clients, 34.2),
  ];
  return {
    kind: 'comparison',
    startedAt: simulation.startedAt,
    seconds: 84.7,
    rows,
    simulation,
  };
}

/** A session of a few people: two epochs, somebody missing, a refused message, a second attempt. */
export function sampleSession(
  change: Partial<Omit<SessionResult, 'kind' | 'session'>> & {
    readonly session?: Partial<SessionResult['session']>;
  } = {},
): SessionResult {
  const { session: changed, ...rest } = change;
  const { rounds, resolved, model, final, startedAt, settings } = sampleSimulation({
    settings: { clients: 4, rounds: 3 },
  });
  const {
    clients: _clients,
    drop: _drop,
    dropAt: _dropAt,
    engine: _engine,
    rsaBits: _bits,
    processes: _processes,
    ...planned
  } = settings;
  const member = (number: number, name: string): SessionMember => ({
    number,
    name,
    fingerprint: name
      .toUpperCase()
      .padEnd(64, 'F')
      .replace(/.{4}(?=.)/g, '$& '),
  });
  const first = [member(1, 'Ada'), member(2, 'Chloé'), member(3, 'Emmy'), member(4, 'Sofia')];
  const second = [member(1, 'Grace'), member(2, 'Ada'), member(3, 'Emmy'), member(4, 'Sofia')];
  const epoch = (number: number, words: string, members: readonly SessionMember[]): SessionEpoch => ({
    epoch: number,
    startedAt,
    confirmedAt: startedAt,
    compared: true,
    threshold: 3,
    words: words.split(' '),
    members,
  });
  const epochs = [
    epoch(1, 'exit supreme tobacco liquid', first),
    epoch(2, 'orbit lemon paper violin', second),
  ];
  return {
    kind: 'session',
    startedAt,
    seconds: 754,
    masquerade: '0.1.0',
    session: {
      id: 'e0ffc0aa7519651713426617a01823ff',
      title: 'Monday’s class',
      role: 'coordinator',
      state: 'finished',
      fingerprint: member(0, 'Leader').fingerprint,
      own: null,
      demonstration: false,
      identitiesCompared: true,
      words: epochs[1]!.words,
      members: second,
      epochs,
      ...changed,
    },
    settings: planned,
    resolved,
    dataset: {
      name: 'MNIST',
      digest: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      classNames: digits,
      mode: 'dealt',
      test: 10_000,
    },
    model,
    engine: 'compiled (relaxed SIMD)',
    rounds: rounds.map(({ exactSum: _exact, quantisationError: _error, phases: _phases, ms, ...round }) => ({
      ...round,
      ms: { coordinator: ms.coordinator, evaluate: ms.evaluate, total: ms.total },
      epoch: round.round === 3 ? 2 : 1,
      finishedAt: startedAt,
      attempts: round.round === 2 ? 2 : 1,
      // number 2 of the first roster
      dropped: round.round === 2 ? [2] : [],
      refused: round.round === 3 ? [{ client: 1, phase: 'masked-input', reason: 'bad-signature' }] : [],
    })),
    attempts: [
      [1, 1, 1, 'sum'],
      [1, 2, 1, 'below-threshold'],
      [1, 2, 2, 'sum'],
      [2, 3, 1, 'sum'],
    ].map(([inEpoch, round, attempt, outcome]) => ({
      epoch: Number(inEpoch),
      round: Number(round),
      attempt: Number(attempt),
      startedAt,
      endedAt: startedAt,
      outcome: String(outcome),
    })),
    phases: [1, 2, 3].flatMap((round) =>
      ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'].map((phase) => ({
        round,
        attempt: 1,
        phase,
        ms: phase === 'masked-input' ? 8_000 : 210,
        awaited: 4,
        answered: round === 2 && phase === 'masked-input' ? 3 : 4,
        deadlineMs: 60_000,
      })),
    ),
    events: [
      {
        round: 0,
        attempt: 0,
        phase: 'session',
        kind: 'refused',
        detail: { who: '10.0.0.9', reason: 'unproven' },
      },
      { round: 2, attempt: 2, phase: 'masked-input', client: 2, kind: 'dropped', detail: {} },
      { round: 2, attempt: 2, phase: 'unmask', client: 2, kind: 'recovered', detail: {} },
      {
        round: 3,
        attempt: 1,
        phase: 'masked-input',
        client: 1,
        kind: 'refused',
        detail: { reason: 'bad-signature' },
      },
    ],
    final,
    ...rest,
  };
}

/** The same run with noise in every vector: nobody tells what the clients saw. */
export function sampleNoised(options: Parameters<typeof sampleSimulation>[0] = {}): SimulationResult {
  const settings = {
    noiseMultiplier: 0.3,
    weights: 'uniform',
    clippingNorm: 0.5,
    ...options.settings,
  } as const;
  const result = sampleSimulation({ ...options, settings });
  return {
    ...result,
    rounds: result.rounds.map((round) => ({
      ...round,
      quantisationError: null,
      clippedRate: null,
      reported: null,
      privacy: {
        epsilon: 16.234_5 + 8 * round.round,
        delta: 1e-5,
        honest: 8,
        excess: Math.sqrt(20 / 8),
        clippingNorm: 0.5,
        noiseNorm: 5.88,
        updateNorm: 5.901,
        withinNorm: null,
      },
    })),
  };
}
