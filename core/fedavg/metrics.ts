/**
 * Classification metrics from a confusion matrix, as scikit-learn defines them (precision_recall_fscore_support with
 * zero_division=0): a ratio whose denominator is 0 counts as 0, and weighted means weigh each class by its true
 * examples.
 */

export interface ClassMetrics {
  /** True examples of the class. */
  readonly support: number;
  /** 0 .. 1 each. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface ClassificationMetrics {
  /** 0 .. 1. */
  readonly accuracy: number;
  /** 0 .. 1: mean of the classes' F1, weighted by support. */
  readonly f1Weighted: number;
  readonly perClass: readonly ClassMetrics[];
}

/**
 * confusion: [classes x classes] counts, row = true class, column = predicted class. Without any example all is 0.
 * Throws RangeError when its length is not a square.
 */
export function classificationMetrics(confusion: ArrayLike<number>): ClassificationMetrics {
  const classes = Math.sqrt(confusion.length);
  if (!Number.isInteger(classes)) throw new RangeError('cannot read a confusion matrix: it must be square');
  const count = (truth: number, predicted: number): number => confusion[truth * classes + predicted]!;
  const every = Array.from({ length: classes }, (_, index) => index);
  const perClass = every.map((index): ClassMetrics => {
    const hits = count(index, index);
    const support = sumOf(every.map((predicted) => count(index, predicted)));
    const predictions = sumOf(every.map((truth) => count(truth, index)));
    return {
      support,
      precision: ratio(hits, predictions),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predictions),
    };
  });
  const total = sumOf(perClass.map(({ support }) => support));
  return {
    accuracy: ratio(sumOf(every.map((index) => count(index, index))), total),
    f1Weighted: ratio(sumOf(perClass.map(({ support, f1 }) => support * f1)), total),
    perClass,
  };
}

/** Early stop: true when a target is set and the accuracy reaches it. */
export function reachesTarget(accuracy: number, target: number | undefined): boolean {
  return target !== undefined && accuracy >= target;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
