/** `npm run engine:tensorflow`: sets TensorFlow up, checks that it is, or takes it away with --remove. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tensorflowFolder } from '../../main/compute/tensorflow-facts.ts';
import { CannotSetUp, ownPrograms } from './parts.ts';
import { remove, setUp, thisMachine } from './set-up.ts';
import { sources } from './sources.ts';

const usage = `npm run engine:tensorflow [-- options]

Sets up TensorFlow, by tfjs-node, for the engine 'tensorflow': in the source tree, on Linux with an x64 processor.
Nothing else needs it. Run again, it checks what is there.

  --remove   takes it away again
  --help     shows this`;

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    ended.abort(new CannotSetUp('Ended: nothing is left of it.'));
  });

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const folder = fileURLToPath(tensorflowFolder).replace(/\/$/, '');

/** In a process of its own: a library that does not run here may end it. */
function selfTest(place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./self-test.ts', import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, place], {
      stdio: ['ignore', 2, 2],
      signal: ended.signal,
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new CannotSetUp(
            `TensorFlow does not train here as it should (${signal ?? `exit code ${code}`}), see above. It was not set up; training works without it.`,
          ),
        );
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { remove: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  else if (values.remove) await remove(folder, say);
  else {
    const surroundings = { say, signal: ended.signal, ...ownPrograms() };
    await setUp({ folder, sources, machine: await thisMachine(), surroundings, selfTest });
  }
}

try {
  await main();
} catch (error) {
  const reason: unknown = ended.signal.aborted ? ended.signal.reason : error;
  if (!(reason instanceof Error)) throw reason;
  const isKnown =
    reason instanceof CannotSetUp || ('code' in reason && reason.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION');
  say(isKnown ? `Cannot go on. ${reason.message}` : (reason.stack ?? reason.message));
  process.exitCode = ended.signal.aborted ? 130 : 1;
}
