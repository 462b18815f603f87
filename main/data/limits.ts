/** How much a data set may be, checked before anything is decoded, so that a crafted file cannot fill the memory. */
export interface DataLimits {
  /** Bytes of an IDX file, as stored and once unpacked. */
  readonly fileBytes: number;
  /** Bytes of one picture's file. */
  readonly imageFileBytes: number;
  /** Pixels of one picture. */
  readonly imagePixels: number;
  /** Pixels of all pictures of a folder together. */
  readonly totalPixels: number;
  /** Picture files of a folder. */
  readonly files: number;
}

/**
 * 1 GiB is twenty times MNIST, and what a laptop still holds beside a training run; a megapixel is far above what the
 * models here can train on, and its file has room for 16 bytes a pixel.
 */
export const DEFAULT_LIMITS: DataLimits = {
  fileBytes: 2 ** 30,
  imageFileBytes: 2 ** 24,
  imagePixels: 2 ** 20,
  totalPixels: 2 ** 30,
  files: 1_000_000,
};
