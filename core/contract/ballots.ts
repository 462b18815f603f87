/** A vote of the room: pictures shown on every participant's screen, and one answer a person. */
import { z } from 'zod';

/** Bounds of the message that carries it, too. */
export const mostBallotPictures = 6;
export const largestBallotSide = 64;

const side = z.int().min(1).max(largestBallotSide);

export const ballotSchema = z
  .strictObject({
    height: side,
    width: side,
    /** [height * width] each, 0 black to 255 white, in the order in which they are shown. */
    pictures: z
      .array(z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes'))
      .min(2)
      .max(mostBallotPictures),
  })
  .refine(
    ({ height, width, pictures }) => pictures.every(({ length }) => length === height * width),
    'every picture must have height x width pixels',
  );
export type BallotPictures = Readonly<z.infer<typeof ballotSchema>>;

/** As a screen sees it: the last one, until another is opened. */
export interface WatchedBallot {
  /** 1, 2, ... in its session. */
  readonly ballot: number;
  readonly open: boolean;
  readonly choices: number;
  /** A participant's: what this person has answered, from 0; null before. */
  readonly chosen: number | null;
  /** A coordinator's: answers by picture, and how many people were asked. */
  readonly counts: readonly number[];
  readonly asked: number;
}
