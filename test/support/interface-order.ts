/** Steps of one story: what comes after a step that failed would only wait in vain. */
import { it, type TestOptions } from 'node:test';

export function inOrder(): {
  readonly step: (name: string, ...rest: [() => Promise<void>] | [TestOptions, () => Promise<void>]) => void;
  /** The step that failed. */
  readonly failed: () => string | undefined;
} {
  let failed: string | undefined;
  return {
    failed: () => failed,
    step(name, ...rest) {
      const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest;
      it(name, options, async (context) => {
        if (failed !== undefined) {
          context.skip(`as this failed: ${failed}`);
          return;
        }
        failed = name;
        await run();
        failed = undefined;
      });
    },
  };
}
