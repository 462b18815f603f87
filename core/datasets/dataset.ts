/** What every data set is, wherever it came from. */

/** Labelled images. Pixels are bytes, 0 (paper or black, as the source has it) to 255. */
export interface LabelledImages {
  /** [count, height, width, channels], bytes. */
  readonly images: Uint8Array;
  /** [count], class numbers 0 .. classes - 1. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (red, green, blue). */
  readonly channels: number;
}

export interface Dataset {
  /** What a person calls it: 'MNIST', or the folder's name. */
  readonly name: string;
  /** One name per class: '0' .. '9', or the folder names. */
  readonly classNames: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 in hexadecimal over the decoded content (shape, classes, train, test); what a report names. */
  readonly digest: string;
}
