/** What every part of the soak is given and gives back. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Of the fuzz part. */
  readonly messages: number;
  /** Of the crowd. */
  readonly members: number;
  /** Of the memory part. */
  readonly rounds: number;
  readonly version: string;
  readonly onProgress: (text: string) => void;
}

export interface SoakPart {
  readonly name: string;
  /** Figures for the summary. */
  readonly figures: Readonly<Record<string, string | number | Readonly<Record<string, number>>>>;
  /** What must not happen, and did. */
  readonly violations: readonly string[];
}
