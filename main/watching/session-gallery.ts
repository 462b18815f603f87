/**
 * Pictures of a session over the network, of what this machine alone knows: made once nobody waits for it any more, and
 * forgotten when the members change, as their numbers are others' then.
 */
import type { ClientPictures, SumPicture } from '../../core/contract/pictures.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { Later } from './later.ts';
import { RoundGallery } from './round-gallery.ts';

export class SessionGallery {
  readonly #topology: ModelTopology;
  readonly #later: Later;
  #current: { readonly parameters: RoundParameters; readonly gallery: RoundGallery } | undefined;

  /** failed: told when a picture cannot be made. */
  constructor(topology: ModelTopology, failed: (error: unknown) => void) {
    this.#topology = topology;
    this.#later = new Later(failed);
  }

  /** Later, with the pictures of the epoch with these parameters. */
  paint(parameters: RoundParameters, work: (gallery: RoundGallery) => void): void {
    this.#later.do(() => {
      if (this.#current?.parameters !== parameters)
        this.#current = { parameters, gallery: new RoundGallery(this.#topology, parameters) };
      work(this.#current.gallery);
    });
  }

  /** round: null for the one under way. */
  pictures(client: number, round: number | null): ClientPictures | null {
    return this.#current?.gallery.pictures(client, round) ?? null;
  }

  sumPicture(round: number | null): SumPicture | null {
    return this.#current?.gallery.sumPicture(round) ?? null;
  }

  close(): void {
    this.#later.stop();
  }
}
