/** Engines that nobody measures: the usual one trains, at once. */
import { EngineSpeeds } from '../../main/compute/engine-speeds.ts';

export const unmeasured = new EngineSpeeds({
  folder: '/nowhere',
  version: 'test',
  measure: () => Promise.resolve({ speeds: [], complete: false }),
});
