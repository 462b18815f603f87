/** The way out of a problem, as a field offers it. */
import type { SetupState } from '../../state/setup.svelte.ts';
import type { SetupProblem } from '../../state/setup-rules.ts';

export function wayOf(
  setup: SetupState,
  problem: SetupProblem | undefined,
): { readonly text: string; readonly go: () => void } | undefined {
  const way = problem?.way;
  if (way === undefined) return undefined;
  return {
    text: way.text,
    go: () => {
      setup.apply(way.change);
    },
  };
}
