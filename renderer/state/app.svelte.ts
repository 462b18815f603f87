/** What every screen shares: the host, this machine, its preferences, where we are. Handed down by context. */
import { createContext } from 'svelte';
import type {
  About,
  ActivitySummary,
  CallResult,
  HostConnection,
  MethodArguments,
  MethodName,
  MethodResults,
  NearbySession,
  Push,
} from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/results.ts';
import type { Language } from '../messages/formats.ts';
import type { TextPart } from '../messages/parts.ts';
import type { SpokenTexts } from '../messages/spoken-texts.ts';
import { createTexts, type Texts } from '../messages/texts.ts';
import { hostProblemText } from '../wording/host-problem.ts';
import { Route } from './route.svelte.ts';
import { ActivityState } from './activity.svelte.ts';
import { HostError } from './host-error.ts';

export { HostError } from './host-error.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'done' | 'problem';
  readonly undo: (() => void) | undefined;
  /** Another try at what went wrong. */
  readonly again: (() => void) | undefined;
  readonly topic: string | undefined;
}

/** Older ones make room. */
const mostToasts = 4;

export class AppState {
  readonly route = new Route();
  about = $state.raw<About | null>(null);
  connected = $state(false);
  /** The connection was there before and is gone. */
  lost = $state(false);
  activities = $state.raw<readonly ActivitySummary[]>([]);
  nearby = $state.raw<readonly NearbySession[]>([]);
  /** Grows whenever the list of results has changed. */
  resultsVersion = $state(0);
  toasts = $state.raw<readonly Toast[]>([]);
  projector = $state(false);
  /** The keys are on show. */
  helping = $state(false);
  /** Grows whenever colours have changed: what is painted must be painted anew. */
  look = $state(0);
  /** What was chosen, or the system's; what is shown follows as soon as its texts are there. */
  readonly wantedLanguage: Language = $derived(languageOf(this.about));
  /** Replaced whole: another language, or more of this one. */
  texts: Texts = $state.raw(createTexts('en', {}));
  readonly #spoken: SpokenTexts;
  readonly #connection: HostConnection;
  readonly #watched = new Map<string, ActivityState>();
  #nextToast = 1;

  constructor(connection: HostConnection, spoken: SpokenTexts) {
    this.#connection = connection;
    this.#spoken = spoken;
    this.texts = spoken.texts;
    spoken.onChange = (texts) => {
      this.texts = texts;
    };
    connection.onPush((push) => {
      this.#pushed(push);
    });
    connection.onConnection((connected) => {
      this.connected = connected;
      this.lost = !connected && this.about !== null;
      if (connected) void this.#refresh();
    });
  }

  /** The one that is shown. */
  get language(): Language {
    return this.texts.formats.language;
  }

  /** A failure is told, with another try. */
  async speak(language: Language): Promise<void> {
    try {
      await this.#spoken.speak(language);
    } catch {
      this.toast(this.texts.t('shell.language.failed'), {
        kind: 'problem',
        topic: 'language',
        // kept by the host: the page comes back in it
        again: () => {
          location.reload();
        },
      });
    }
  }

  /** For a screen, before it is shown; rejects where its texts cannot be fetched. */
  need(part: TextPart): Promise<void> {
    return this.#spoken.need(part);
  }

  /** Throws HostError. */
  async call<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<MethodResults[Name]> {
    const result: CallResult<Name> = await this.#connection.call(name, args);
    if (!result.ok) throw new HostError(result.error);
    return result.value;
  }

  /** The same for what a person pressed: a failure is told in a toast; undefined then. */
  async attempt<Name extends MethodName>(
    name: Name,
    args: MethodArguments<Name>,
  ): Promise<MethodResults[Name] | undefined> {
    try {
      return await this.call(name, args);
    } catch (error) {
      const text =
        error instanceof HostError
          ? hostProblemText(error, this.texts)
          : error instanceof Error
            ? error.message
            : String(error);
      this.toast(text, { kind: 'problem' });
      return undefined;
    }
  }

  async savePreferences(change: Partial<Preferences>): Promise<void> {
    const { about } = this;
    // at once on screen; the host answers with what it keeps
    if (about !== null) this.about = { ...about, preferences: { ...about.preferences, ...change } };
    const kept = await this.attempt('savePreferences', change);
    if (kept !== undefined && this.about !== null) this.about = { ...this.about, preferences: kept };
  }

  /** What the host knows of this machine has changed: how fast it trains, its identity, what protects it. */
  async refreshAbout(): Promise<void> {
    try {
      this.about = await this.call('about', {});
    } catch {
      // the host is away: all is asked anew when it is back
    }
  }

  /** The state of an activity, watched for as long as somebody holds it (see ActivityState.hold). */
  activity(id: string): ActivityState {
    const known = this.#watched.get(id) ?? new ActivityState(id, this);
    this.#watched.set(id, known);
    return known;
  }

  forget(id: string): void {
    this.#watched.delete(id);
  }

  /** topic: a toast about the same takes the place of the one before. */
  toast(
    text: string,
    options: {
      readonly kind?: Toast['kind'];
      readonly undo?: () => void;
      readonly again?: () => void;
      readonly topic?: string;
    } = {},
  ): void {
    const { kind = 'done', undo, again, topic } = options;
    const toast: Toast = { id: this.#nextToast, text, kind, undo, again, topic };
    this.#nextToast += 1;
    const others = this.toasts.filter((other) => topic === undefined || other.topic !== topic);
    this.toasts = [...others, toast].slice(-mostToasts);
  }

  /** For what a part of the interface alone is sent. Returns how to stop listening. */
  onPush(listener: (push: Push) => void): () => void {
    return this.#connection.onPush(listener);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  async #refresh(): Promise<void> {
    try {
      const about = await this.call('about', {});
      // before the first screen, so that it does not change its language under somebody's eyes
      await this.speak(languageOf(about));
      this.about = about;
      this.activities = await this.call('activities', {});
      await Promise.all([...this.#watched.values()].map((activity) => activity.rewatch()));
      this.resultsVersion += 1;
    } catch {
      // lost again: the next connection begins anew
    }
  }

  #pushed(push: Push): void {
    switch (push.push) {
      case 'events':
        this.#watched.get(push.activity)?.take(push.events);
        return;
      case 'activities':
        this.activities = push.activities;
        return;
      case 'nearby':
        this.nearby = push.sessions;
        return;
      case 'results':
        this.resultsVersion += 1;
        void this.refreshAbout();
        return;
      case 'preferences':
        if (this.about !== null) this.about = { ...this.about, preferences: push.preferences };
        return;
      case 'go':
        this.route.go(push.to);
        return;
      case 'attack':
      case 'attack-reports':
        // the lab listens itself
        return;
    }
  }
}

/** Of a person's choice; before it is known, and where it is the system's, the browser's. */
export function languageOf(about: About | null): Language {
  const chosen = about?.preferences.language ?? 'system';
  if (chosen !== 'system') return chosen;
  return (navigator.language || about?.language || 'en').startsWith('fr') ? 'fr' : 'en';
}

export const [getApp, setApp] = createContext<AppState>();
