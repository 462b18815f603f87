/** A step of the set-up: reads the four files of MNIST and checks their SHA-256. Exits 1 with what to do otherwise. */
import { loadMnist } from '../main/data/mnist.ts';

try {
  await loadMnist();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
