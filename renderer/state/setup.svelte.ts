/**
 * What a person decides before something starts, and what would come of it: the host plans while they type, and every
 * problem shows at its field. Made in a component, as long as which it lives.
 */
import { createContext, untrack } from 'svelte';
import type { MethodArguments, RunPlan } from '../../core/contract/host.ts';
import { runSettingsSchema, type RunSettings, type SettingName } from '../../core/contract/run-settings.ts';
import { hostProblemText } from '../wording/host-problem.ts';
import { type AppState, HostError } from './app.svelte.ts';
import {
  findNotices,
  findProblems,
  type SetupChange,
  type SetupDraft,
  type SetupField,
  type SetupProblem,
  type SetupPurpose,
} from './setup-rules.ts';

/** Typing goes on for so long before the host is asked, ms. */
const pauseMs = 250;
/** The host measures how fast it trains a model while it answers; what it does not know yet is asked for again. */
const again = { ms: 1_500, times: 8 };

export class SetupState {
  purpose = $state<SetupPurpose>('session');
  title = $state('');
  settings = $state.raw<RunSettings>(runSettingsSchema.parse({}));
  data = $state<SetupDraft['data']>('dealt');
  demonstration = $state(false);
  deadlineSeconds = $state<number | null>(null);
  /** Of the last settings that could be planned; null before the first answer. */
  plan = $state.raw<RunPlan | null>(null);
  /** The plan is not of what is on screen now. */
  planning = $state(false);
  /** Why the host could not plan at all. */
  planError = $state<string | null>(null);

  readonly draft: SetupDraft = $derived({
    title: this.title,
    settings: this.settings,
    data: this.data,
    demonstration: this.demonstration,
    deadlineSeconds: this.deadlineSeconds,
  });
  readonly #own: readonly SetupProblem[] = $derived.by(() =>
    findProblems(this.draft, this.purpose, this.plan?.dataset.train ?? null, this.#app.texts),
  );
  /** Everything that stands in the way, in the order of the form; first what needs no host to be known. */
  readonly problems: readonly SetupProblem[] = $derived.by(() => {
    const own = this.#own;
    const named = new Set<string>(own.map(({ field }) => field));
    const planned = (this.plan?.problems ?? [])
      .filter(({ field }) => !named.has(field))
      .map((problem): SetupProblem => ({
        field: fieldOf(problem.field),
        text: hostProblemText(problem, this.#app.texts),
        way: undefined,
      }));
    return [...own, ...planned];
  });
  readonly notices = $derived.by(() => findNotices(this.draft, this.purpose, this.#app.texts));

  readonly #app: AppState;
  #asked = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** preset: beside the defaults. */
  constructor(app: AppState, purpose: SetupPurpose, preset: Partial<RunSettings> = {}) {
    this.#app = app;
    this.purpose = purpose;
    this.settings = { ...this.settings, language: app.language, ...preset };
    $effect(() => {
      const question = this.#question;
      // an answer on its way is not of this any more
      this.#asked += 1;
      this.planning = question !== null;
      if (question === null) return;
      const args = JSON.parse(question) as MethodArguments<'plan'>;
      const isFirst = untrack(() => this.plan === null);
      const timer = setTimeout(() => void this.#ask(args), isFirst ? 0 : pauseMs);
      return () => {
        clearTimeout(timer);
        clearTimeout(this.#again);
      };
    });
  }

  problemOf(field: SetupField): SetupProblem | undefined {
    return this.problems.find((problem) => problem.field === field);
  }

  noticeOf(field: SetupField): string | undefined {
    return this.notices.find((notice) => notice.field === field)?.text;
  }

  set<Name extends SettingName>(name: Name, value: RunSettings[Name]): void {
    this.settings = { ...this.settings, [name]: value };
  }

  /** What a problem's way out, or a preset, changes at once. */
  apply({ settings, demonstration, data }: SetupChange): void {
    if (settings !== undefined) this.settings = { ...this.settings, ...settings };
    if (demonstration !== undefined) this.demonstration = demonstration;
    if (data !== undefined) this.data = data;
  }

  /** As text, so that an answer that changes nothing is not asked for again; null while something of it cannot be. */
  readonly #question: string | null = $derived.by(() => {
    // a title is nothing that is planned with
    if (this.#own.some(({ field }) => field !== 'title')) return null;
    const { purpose, settings, data, demonstration } = this;
    const args: MethodArguments<'plan'> = { purpose, settings: withoutGaps(settings), data, demonstration };
    return JSON.stringify(args);
  });

  async #ask(args: MethodArguments<'plan'>, timesLeft = again.times): Promise<void> {
    const asked = this.#asked;
    try {
      const plan = await this.#app.call('plan', args);
      if (asked !== this.#asked) return;
      this.plan = plan;
      this.planError = null;
      const { perClient, problems, estimate } = plan;
      const isMeasured = estimate.secondsPerRound !== null || perClient === null || problems.length > 0;
      if (!isMeasured && timesLeft > 0)
        this.#again = setTimeout(() => void this.#ask(args, timesLeft - 1), again.ms);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.planError = error instanceof HostError ? error.message : String(error);
    }
    this.planning = false;
  }
}

/** Optional settings that are not set are left out. */
export function withoutGaps<Settings extends object>(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
}

function fieldOf(name: string): SetupField {
  const known = name === 'title' || name === 'deadlineSeconds' || name in runSettingsSchema.shape;
  return known ? (name as SetupField) : 'general';
}

/** Handed down by whoever makes one. */
export const [getSetup, setSetup] = createContext<SetupState>();
