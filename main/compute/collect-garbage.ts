/**
 * What a job leaves behind lies outside of JavaScript's heap: images, weights, messages. V8 lets some 40 MB of that pile up
 * before it looks, and the system hardly gets them back; so it is asked to look earlier.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What may pile up: a collection takes some ten milliseconds, and is worth it every few jobs. */
const mostBytes = 12e6;
let leastBytes = Infinity;

/** Between jobs. */
export function collectGarbage(): void {
  const { external } = process.memoryUsage();
  // what is freed is only counted some time after a collection
  leastBytes = Math.min(leastBytes, external);
  if (external - leastBytes > mostBytes) collect();
}
