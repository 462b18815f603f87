/** Joining a session: which one, under which name, with which images. Made in a component, as long as which it lives. */
import type { MethodArguments, NearbySession, ParticipantDataChoice } from '../../core/contract/host.ts';
import { LONGEST_NAME, sanitiseName } from '../../core/contract/display-names.ts';
import { preferencesSchema } from '../../core/contract/results.ts';
import { type AppState, HostError } from './app.svelte.ts';
import { type InvitationText, readInvitationText } from './invitation-text.ts';

export type JoinArguments = MethodArguments<'join'>;
export type DataKind = ParticipantDataChoice['kind'];

/** Typing goes on for so long before the host is asked about a link, ms. */
const pauseMs = 250;
const largestBudget = 1_000_000;

export class JoinState {
  /** The code or link. */
  text = $state('');
  /** Of the sessions nearby; a code that is typed wins over it. */
  picked = $state<string | null>(null);
  name = $state('');
  kind = $state<DataKind>('dealt');
  folder = $state('');
  /** Largest epsilon; undefined: none, NaN: not a number (yet). */
  budget = $state<number | undefined>(undefined);
  joining = $state(false);
  /** Why the host would not. */
  failure = $state.raw<{ readonly code: string; readonly message: string } | null>(null);
  /** Of a link: where it leads; false: nowhere; null: not judged yet. */
  linkAddress = $state<string | false | null>(null);

  readonly read: InvitationText = $derived(readInvitationText(this.text));
  readonly session: NearbySession | undefined = $derived.by(() => {
    const { nearby } = this.#app;
    if (this.read.kind !== 'empty') return undefined;
    const chosen = nearby.find(({ session }) => session === this.picked);
    // one alone needs no choosing
    return chosen ?? (this.picked === null && nearby.length === 1 ? nearby[0] : undefined);
  });
  /** null while it is none. */
  readonly invitation: string | null = $derived.by(() => {
    if (this.read.kind === 'empty') return this.session?.link ?? null;
    if (this.read.kind === 'code') return this.text;
    return this.read.kind === 'link' && typeof this.linkAddress === 'string' ? this.text : null;
  });
  /** As the others will see it; empty where nothing visible is left of it. */
  readonly shownName: string = $derived(sanitiseName(this.name, ''));
  readonly nameIsCut: boolean = $derived(
    this.shownName !== '' && this.shownName !== this.name.trim().replace(/\s+/g, ' '),
  );

  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
    this.name = app.about?.preferences.name ?? '';
    $effect(() => {
      const { text, read } = this;
      this.failure = null;
      this.linkAddress = null;
      if (read.kind !== 'link') return;
      const timer = setTimeout(() => void this.#judgeLink(text), pauseMs);
      return () => {
        clearTimeout(timer);
      };
    });
    $effect(() => {
      void app.call('lookAround', { on: true }).then(
        (found) => {
          app.nearby = found;
        },
        () => undefined,
      );
      return () => {
        void app.call('lookAround', { on: false }).catch(() => undefined);
      };
    });
  }

  get budgetIsWrong(): boolean {
    return this.budget !== undefined && !(this.budget > 0 && this.budget <= largestBudget);
  }

  /** What is still missing, the first of it. */
  get missing(): 'session' | 'name' | 'folder' | 'budget' | undefined {
    if (this.invitation === null) return 'session';
    if (this.shownName === '') return 'name';
    if (this.kind === 'folder' && this.folder.trim() === '') return 'folder';
    return this.budgetIsWrong ? 'budget' : undefined;
  }

  async join(): Promise<void> {
    const { invitation, budget } = this;
    if (invitation === null || this.missing !== undefined) return;
    const data: ParticipantDataChoice =
      this.kind === 'folder' ? { kind: 'folder', path: this.folder.trim() } : { kind: this.kind };
    this.joining = true;
    this.failure = await join(this.#app, {
      invitation,
      name: this.shownName,
      data,
      agreeToDemonstration: false,
      ...(budget === undefined ? {} : { privacyBudget: budget }),
    });
    this.joining = false;
  }

  async #judgeLink(text: string): Promise<void> {
    let address: string | false;
    try {
      const { addresses } = await this.#app.call('readInvitation', { text });
      address = addresses[0] ?? false;
    } catch {
      address = false;
    }
    if (text === this.text) this.linkAddress = address;
  }
}

/** Joins, and goes there; what stood in the way, or null. */
export async function join(
  app: AppState,
  args: JoinArguments,
): Promise<{ readonly code: string; readonly message: string } | null> {
  try {
    const { activity } = await app.call('join', args);
    remember(activity, args);
    if (app.about?.preferences.name !== args.name && args.name.length <= longestKeptName)
      void app.savePreferences({ name: args.name });
    app.route.go(`/activity/${activity}`);
    return null;
  } catch (error) {
    if (error instanceof HostError) return { code: error.code, message: error.message };
    throw error;
  }
}

const longestKeptName = preferencesSchema.shape.name.unwrap().maxLength ?? LONGEST_NAME;

// How an activity was joined: to join again with one thing changed.

const keyOf = (activity: string): string => `masquerade-joined-${activity}`;

function remember(activity: string, args: JoinArguments): void {
  sessionStorage.setItem(keyOf(activity), JSON.stringify(args));
}

/** null where this tab has not joined it. */
export function joinedWith(activity: string): JoinArguments | null {
  const kept = sessionStorage.getItem(keyOf(activity));
  return kept === null ? null : (JSON.parse(kept) as JoinArguments);
}
