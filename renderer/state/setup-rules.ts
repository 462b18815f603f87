/**
 * What is wrong with settings, said at the field where it arises, in the person's language and with a way out. The host
 * plans with the same rules and has the last word; this is so that nobody waits for it to learn of a slip.
 */
import { z } from 'zod';
import {
  colludersTolerated,
  COMPLETE_GRAPH_LIMIT,
  LEAST_EXPECTED_HONEST,
  leastThreshold,
  SPARSE_GRAPH_LIMIT,
} from '../../core/contract/room-limits.ts';
import { runSettingsSchema, type RunSettings, type SettingName } from '../../core/contract/run-settings.ts';
import type { Texts } from '../messages/translate.ts';

export type SetupPurpose = 'simulation' | 'comparison' | 'session';

/** All that a person decides before something starts. A number that is none (yet) is NaN. */
export interface SetupDraft {
  readonly title: string;
  readonly settings: RunSettings;
  /** Of a session: dealt out by the coordinator, or brought by everyone. */
  readonly data: 'dealt' | 'own';
  readonly demonstration: boolean;
  /** How long every phase of a session waits; null: as long as it takes most. */
  readonly deadlineSeconds: number | null;
}

export type SetupField = SettingName | 'title' | 'deadlineSeconds' | 'general';

export interface SetupProblem {
  readonly field: SetupField;
  readonly text: string;
  /** One press that mends it. */
  readonly way: { readonly text: string; readonly change: SetupChange } | undefined;
}

export interface SetupChange {
  readonly settings?: Partial<RunSettings>;
  readonly demonstration?: boolean;
  readonly data?: SetupDraft['data'];
}

export type NumberSetting = {
  [Name in SettingName]-?: NonNullable<RunSettings[Name]> extends number ? Name : never;
}[SettingName];

export interface SettingRange {
  readonly whole: boolean;
  readonly least: number;
  /** least itself is out. */
  readonly above: boolean;
  readonly most: number;
  /** most itself is out. */
  readonly below: boolean;
}

export const longestTitle = 80;
const longestDeadlineSeconds = 86_400;

interface NumberSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}
const properties = (z.toJSONSchema(runSettingsSchema, { io: 'input' }).properties ?? {}) as Readonly<
  Record<string, NumberSchema>
>;

/** The numbers that a setting may be, by the contract's schema. */
export function rangeOf(name: NumberSetting): SettingRange {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = properties[name] ?? {};
  return {
    whole: type === 'integer',
    least: exclusiveMinimum ?? minimum ?? -Infinity,
    above: exclusiveMinimum !== undefined,
    most: exclusiveMaximum ?? maximum ?? Infinity,
    below: exclusiveMaximum !== undefined,
  };
}

/** Noise is switched on, though its multiplier may not be a number (yet). */
export function addsNoise({ noiseMultiplier }: Pick<RunSettings, 'noiseMultiplier'>): boolean {
  return noiseMultiplier !== 0;
}

/** Everything that is wrong, in the order of a form; `train`: images to deal out, null where it is not known. */
export function findProblems(
  draft: SetupDraft,
  purpose: SetupPurpose,
  train: number | null,
  texts: Texts,
): readonly SetupProblem[] {
  const single = [...titleProblems(draft, purpose, texts), ...rangeProblems(draft, purpose, texts)];
  const wrong = new Set(single.map(({ field }) => field));
  const together = [
    ...protectionProblems(draft, purpose, texts),
    ...roomProblems(draft, texts),
    ...dealingProblems(draft, purpose, train, texts),
    ...trainingProblems(draft, purpose, texts),
  ];
  return [...single, ...together.filter(({ field }) => !wrong.has(field))];
}

function titleProblems({ title }: SetupDraft, purpose: SetupPurpose, { t }: Texts): SetupProblem[] {
  if (title.trim() !== '') return [];
  const text = t(purpose === 'session' ? 'setup.problem.title' : 'home.setup.title.problem');
  return [{ field: 'title', text, way: undefined }];
}

// One setting by itself

function rangeProblems(draft: SetupDraft, purpose: SetupPurpose, texts: Texts): SetupProblem[] {
  const checked = runSettingsSchema.safeParse(draft.settings);
  const names = new Set(checked.success ? [] : checked.error.issues.map(({ path }) => path[0]));
  const problems = [...names].map((name): SetupProblem => {
    const field = name as SettingName;
    const isNumber = ['integer', 'number'].includes(properties[field]?.type ?? '');
    const range = rangeOf(field as NumberSetting);
    // 0 is noise switched off, and nothing to type
    const asked = field === 'noiseMultiplier' ? { ...range, above: true } : range;
    const text = isNumber ? rangeText(asked, texts) : formText(field, texts);
    return { field, text, way: undefined };
  });
  const { deadlineSeconds } = draft;
  if (
    purpose === 'session' &&
    deadlineSeconds !== null &&
    !(deadlineSeconds > 0 && deadlineSeconds <= longestDeadlineSeconds)
  ) {
    const range = { whole: false, least: 0, above: true, most: longestDeadlineSeconds, below: false };
    problems.push({ field: 'deadlineSeconds', text: rangeText(range, texts), way: undefined });
  }
  return problems;
}

function rangeText({ whole, least, above, most, below }: SettingRange, { t }: Texts): string {
  // numbers that go in as text keep every decimal
  const [from, to] = [String(least), String(most)];
  if (whole) return t('setup.problem.whole', { least, most });
  if (above) return t('setup.problem.above', { least: from, most: to });
  return below
    ? t('setup.problem.below', { least: from, most: to })
    : t('setup.problem.number', { least: from, most: to });
}

function formText(field: SettingName, { t }: Texts): string {
  if (field === 'partition') return t('setup.problem.partition');
  return field === 'dataset' ? t('setup.problem.folder') : t('setup.problem.empty');
}

// Settings that do not go together

function protectionProblems(draft: SetupDraft, purpose: SetupPurpose, { t }: Texts): SetupProblem[] {
  const { masks, signatures, quantisation, aggregation, noiseMultiplier } = draft.settings;
  const problems: SetupProblem[] = [];
  if (aggregation !== 'mean' && (masks || noiseMultiplier > 0)) {
    problems.push({
      field: 'aggregation',
      text: t(masks ? 'setup.problem.aggregation' : 'setup.problem.aggregation.noise'),
      way: { text: t('setup.way.aggregation'), change: { settings: { aggregation: 'mean' } } },
    });
  }
  if (addsNoise(draft.settings) && aggregation === 'mean' && !(masks && quantisation)) {
    problems.push({
      field: masks ? 'quantisation' : 'masks',
      text: t(masks ? 'setup.problem.noise.masks.numbers' : 'setup.problem.noise.masks'),
      way: {
        text: t(masks ? 'setup.way.quantisation' : 'setup.way.masks'),
        change: { settings: masks ? { quantisation: true } : { masks: true } },
      },
    });
  } else if (masks && !quantisation) {
    problems.push({
      field: 'quantisation',
      text: t('setup.problem.quantisation'),
      way: { text: t('setup.way.quantisation'), change: { settings: { quantisation: true } } },
    });
  }
  if (purpose !== 'session') return problems;
  if (!signatures) {
    problems.push({
      field: 'signatures',
      text: t('setup.problem.signatures'),
      way: { text: t('setup.way.signatures'), change: { settings: { signatures: true } } },
    });
  }
  if (!(masks && quantisation) && !draft.demonstration) {
    problems.push({
      field: masks ? 'quantisation' : 'masks',
      text: t('setup.problem.demonstration'),
      way: { text: t('setup.way.demonstration'), change: { demonstration: true } },
    });
  }
  return problems;
}

function roomProblems({ settings }: SetupDraft, { t }: Texts): SetupProblem[] {
  const { clients, threshold, graph, fraction } = settings;
  if (!Number.isInteger(clients) || clients < 3 || clients > SPARSE_GRAPH_LIMIT) return [];
  const problems: SetupProblem[] = [];
  const least = leastThreshold(clients);
  if (threshold !== undefined && (threshold < least || threshold > clients)) {
    problems.push({
      field: 'threshold',
      text: t('setup.problem.threshold', { least, most: clients }),
      way: { text: t('setup.way.threshold', { least }), change: { settings: { threshold: undefined } } },
    });
  }
  const impossible =
    (graph === 'sparse' && clients <= COMPLETE_GRAPH_LIMIT) ||
    (graph === 'complete' && clients > COMPLETE_GRAPH_LIMIT);
  if (impossible) {
    problems.push({
      field: 'graph',
      text: t(graph === 'sparse' ? 'setup.problem.sparse' : 'setup.problem.complete', {
        limit: COMPLETE_GRAPH_LIMIT,
      }),
      way: { text: t('setup.way.graph'), change: { settings: { graph: 'auto' } } },
    });
  }
  const honest = clients - colludersTolerated(clients);
  if (fraction < 1 && fraction * honest < LEAST_EXPECTED_HONEST) {
    const share = LEAST_EXPECTED_HONEST / honest;
    const text =
      share > 1
        ? t('setup.problem.fraction.few', { clients })
        : t('setup.problem.fraction', {
            clients,
            needed: LEAST_EXPECTED_HONEST,
            share: String(Math.ceil(share * 100) / 100),
          });
    problems.push({
      field: 'fraction',
      text,
      way: { text: t('setup.way.fraction'), change: { settings: { fraction: 1 } } },
    });
  }
  return problems;
}

/** What works, and may surprise: shown at its field, and nothing is held up for it. */
export function findNotices(
  { settings }: SetupDraft,
  purpose: SetupPurpose,
  { t }: Texts,
): readonly { readonly field: SetupField; readonly text: string }[] {
  const { clients, threshold } = settings;
  const wanted = threshold ?? leastThreshold(clients);
  const gone = vanishing(settings);
  if (purpose === 'session' && threshold !== undefined) {
    // the room may turn out smaller or larger than expected
    const text = t('setup.notice.threshold', { threshold, most: largestRoom(threshold) });
    return [{ field: 'threshold', text }];
  }
  if (purpose !== 'session' && gone > clients - wanted) {
    const text = t('setup.notice.drop', { gone, left: clients - gone, threshold: wanted });
    return [{ field: 'drop', text }];
  }
  return [];
}

/** How many of a simulation's clients vanish in every round; computed as if exactly: 0.29 of 100 are 29. */
export function vanishing({ clients, drop }: Pick<RunSettings, 'clients' | 'drop'>): number {
  return Math.floor(drop * clients + 1e-9);
}

/** The most people for whom so many answers suffice. */
export function largestRoom(threshold: number): number {
  let most = threshold;
  while (most < SPARSE_GRAPH_LIMIT && leastThreshold(most + 1) <= threshold) most += 1;
  return most;
}

function dealingProblems(
  { settings, data }: SetupDraft,
  purpose: SetupPurpose,
  train: number | null,
  { t }: Texts,
): SetupProblem[] {
  const { clients, examplesPerClient, partition } = settings;
  if (train === null || (purpose === 'session' && data === 'own')) return [];
  if (examplesPerClient !== undefined && examplesPerClient * clients > train) {
    const each = Math.floor(train / clients);
    return [
      {
        field: 'examplesPerClient',
        text: t('setup.problem.images', { wanted: examplesPerClient * clients, train, each }),
        way: {
          text: t('setup.way.images', { each }),
          change: { settings: { examplesPerClient: undefined } },
        },
      },
    ];
  }
  const shards = partition.startsWith('shards:') ? Number(partition.slice(7)) * clients : 0;
  return shards > train
    ? [{ field: 'partition', text: t('setup.problem.shards', { shards, train }), way: undefined }]
    : [];
}

function trainingProblems({ settings }: SetupDraft, purpose: SetupPurpose, { t }: Texts): SetupProblem[] {
  const { optimizer, momentum, drop, dropAt, clients } = settings;
  const problems: SetupProblem[] = [];
  if (optimizer === 'adam' && momentum > 0) {
    problems.push({
      field: 'momentum',
      text: t('setup.problem.momentum'),
      way: { text: t('setup.way.momentum'), change: { settings: { optimizer: 'sgd' } } },
    });
  }
  if (purpose === 'session') return problems;
  if (drop > 0 && vanishing(settings) === 0) {
    problems.push({ field: 'drop', text: t('setup.problem.drop', { clients }), way: undefined });
  } else if (drop === 0 && dropAt !== 'masked-input') {
    problems.push({
      field: 'dropAt',
      text: t('setup.problem.drop-at'),
      way: { text: t('setup.way.drop-at'), change: { settings: { dropAt: 'masked-input' } } },
    });
  }
  return problems;
}
