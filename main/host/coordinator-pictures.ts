/** The pictures of a session at its coordinator: what has come, what it adds up to, what is left when the masks cancel. */
import type { ModelTopology } from '../../core/model/engine.ts';
import type { RunningSum } from '../../core/secagg/coordinator-state.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { RoundObserver } from '../coordinator/round-observer.ts';
import { Latest } from '../watching/latest.ts';
import type { RoundGallery } from '../watching/round-gallery.ts';
import { SentUpdates } from '../watching/sent-updates.ts';
import { SessionGallery } from '../watching/session-gallery.ts';
import type { Activity } from './activity.ts';
import type { HostServices } from './services.ts';

/** A sum's growth is told so often, ms. */
const sumEveryMs = 100;

export class CoordinatorPictures implements RoundObserver {
  readonly #services: HostServices;
  readonly #activity: Activity;
  #gallery: SessionGallery | undefined;
  #parameters: RoundParameters | undefined;
  #added = 0;
  readonly #news: Latest<number>;
  /** Of a demonstration alone: no other session's vectors are kept. */
  readonly sent: SentUpdates | undefined;

  /** demonstration: the session is one, and everyone agreed to that. */
  constructor(services: HostServices, activity: Activity, demonstration: boolean) {
    this.sent = demonstration ? new SentUpdates() : undefined;
    this.#services = services;
    this.#activity = activity;
    this.#news = new Latest(sumEveryMs, (added) => {
      activity.emit({ type: 'sum', added });
    });
  }

  /** Known once the session is open. */
  set topology(topology: ModelTopology) {
    this.#gallery = new SessionGallery(topology, (error) => {
      this.#services.log(`no picture: ${String(error)}`);
    });
  }

  get gallery(): SessionGallery | undefined {
    return this.#gallery;
  }

  attemptStarts(
    round: number,
    parameters: RoundParameters,
    weights: Float32Array,
    sum: () => RunningSum | undefined,
  ): void {
    this.#parameters = parameters;
    this.#added = 0;
    this.#news.stop();
    // what everyone signed, whatever this machine believes that it started
    if (parameters.demonstration) this.sent?.attemptStarts(round, parameters, weights);
    this.#paint((gallery) => {
      gallery.attemptStarts(round, weights, sum);
    });
  }

  vectorAdded(client: number, packed: Uint8Array): void {
    this.#added += 1;
    const added = this.#added;
    this.sent?.sent(client, packed);
    this.#paint((gallery) => {
      gallery.vectorCame(client, packed);
      gallery.added();
      this.#news.offer(added);
    });
  }

  summed(mean: Float64Array | undefined): void {
    this.#paint((gallery) => {
      gallery.summed(mean);
    });
  }

  close(): void {
    this.#news.stop();
    this.#gallery?.close();
  }

  #paint(work: (gallery: RoundGallery) => void): void {
    if (this.#parameters !== undefined) this.#gallery?.paint(this.#parameters, work);
  }
}
