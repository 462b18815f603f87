/**
 * What main and the host's process say to each other, by the structured clone. Nothing of the interface's calls passes
 * here: those go over a port between the window and the host's process.
 */
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Preferences, TakeAway } from '../../core/contract/results.ts';
import type { ComputeReport, ComputeRequest } from '../compute/port-launcher.ts';
import type { StoreSecret } from '../storage/store.ts';

export interface OpenHost {
  readonly folder: string;
  readonly secret: StoreSecret;
  /** What the secrets lie under once a person takes the passphrase away. */
  readonly withoutPassphrase: StoreSecret;
  readonly version: string;
  /** Of the system. */
  readonly language: 'en' | 'fr';
  /** Whether new versions can be looked for. */
  readonly update: boolean;
}

export type ToHost =
  /** Opens the data folder; after a refusal it can be said again, with another secret. */
  | ({ readonly kind: 'open' } & OpenHost)
  /** A window's port comes with it. */
  | { readonly kind: 'window' }
  /** To a screen of the interface. */
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'answer-failed'; readonly id: number; readonly message: string }
  /** Into the log. */
  | { readonly kind: 'note'; readonly text: string }
  /** Stops all activities for good; 'stopped' comes when they have ended. */
  | { readonly kind: 'stop' }
  /** Ends the host in good order: sessions can go on at the next start; 'closed' comes last. */
  | { readonly kind: 'close' }
  | ComputeReport;

/** What only main can do. */
export type ShellQuestion =
  | { readonly what: 'choose-folder' }
  | { readonly what: 'print-to-pdf'; readonly html: string }
  | { readonly what: 'save-file'; readonly file: TakeAway };

export type FromHost =
  | { readonly kind: 'opened'; readonly preferences: Preferences }
  /** code: a FederationError's, or 'fault'. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'preferences'; readonly preferences: Preferences }
  | { readonly kind: 'activities'; readonly activities: readonly ActivitySummary[] }
  | { readonly kind: 'ask'; readonly id: number; readonly question: ShellQuestion }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'closed' }
  | ComputeRequest;
