/**
 * Vectors as pictures: what a screen shows of an update, a mask, a masked vector, a sum. The coordinates shown are the
 * same for all of a model (main/watching/picture-layout.ts), so that pictures can be compared and added by eye.
 */

/** One vector, seen. */
export interface VectorPicture {
  /** [side * side]: 128 is zero for readable numbers; 0 .. 255 is 0 .. 2^bits for masked ones. */
  readonly pixels: Uint8Array;
  readonly side: number;
  /**
   * [64] shares of the fullest bin, 0 .. 1, over all coordinates: of the value range for readable numbers (symmetric, zero
   * in the middle, exact zeros left out), of 0 .. 2^bits for masked ones.
   */
  readonly histogram: readonly number[];
  /** What the ends of the histogram stand for. */
  readonly range: readonly [number, number];
}

/** What the coordinator sees of one client in a round, and what it does not. */
export interface ClientPictures {
  readonly round: number;
  /** 1 .. n. */
  readonly client: number;
  /** What the pictures show: the first dense layer as images, or convolution kernels. */
  readonly layer: {
    readonly kind: 'dense' | 'kernels' | 'plain';
    readonly coordinates: number;
    readonly of: number;
  };
  /** The real update: in a simulation, or on the participant's own machine only; null before it is trained, and in a real room. */
  readonly update: VectorPicture | null;
  /** What the masks add, on the participant's own machine and in a simulation. */
  readonly mask: VectorPicture | null;
  /** What leaves the client; null before it has left. Where nothing is masked, the update again: who receives it can read it. */
  readonly masked: VectorPicture | null;
  /** Hexadecimal: the client's signature over the message that carries it, on the participant's own machine. */
  readonly signature?: string;
}

/** The coordinator's sum so far. */
export interface SumPicture {
  readonly round: number;
  readonly added: number;
  /** True once the masks have cancelled: then the numbers are those of the mean update. */
  readonly readable: boolean;
  readonly picture: VectorPicture;
}
