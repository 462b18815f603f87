/**
 * How many compute processes this machine takes: as many as it has cores, fewer where a container's quota, free memory or
 * the work at hand allow no more. No core is taken to be slower than another: what a second thread of a core brings
 * depends on the model, and jobs go to whoever is idle.
 *
 * Under Linux limits are those of this process's control group and of all above it (cgroup v2, and v1 where that is in
 * use). Cached files count as free: the system gives them up when memory is needed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import process from 'node:process';
import type { ProcessPlan } from '../../core/contract/engines.ts';
import type { EngineName } from '../../core/model/engine.ts';

export interface MachineFacts {
  readonly cores: number;
  /** Processors' worth of time; Infinity without a limit. */
  readonly quota: number;
  readonly freeBytes: number;
  readonly onBattery: boolean;
}

/** Where the facts come from; this machine unless given. */
export interface MachineSource {
  readonly platform: NodeJS.Platform;
  readonly cores: () => number;
  readonly freeBytes: () => number;
  readonly totalBytes: () => number;
  /** undefined where there is no such file. */
  readonly read: (path: string) => string | undefined;
  /** Names in a folder; none where there is no such folder. */
  readonly list: (folder: string) => readonly string[];
}

const thisMachine: MachineSource = {
  platform: process.platform,
  cores: availableParallelism,
  freeBytes: freemem,
  totalBytes: totalmem,
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
};

/** Reads a few small files. */
export function readMachine(source: MachineSource = thisMachine): MachineFacts {
  const { platform } = source;
  const groups = platform === 'linux' ? controlGroups(source) : [];
  const quotas = groups.flatMap((group) => group.quota ?? []);
  const memory = groups.flatMap((group) => group.freeBytes ?? []);
  // macOS counts what it could give up at once as used
  const free = platform === 'darwin' ? source.totalBytes() / 2 : source.freeBytes();
  return {
    cores: source.cores(),
    quota: Math.min(Infinity, ...quotas),
    freeBytes: Math.max(0, Math.min(free, ...memory)),
    onBattery: platform === 'linux' && isOnBattery(source),
  };
}

interface GroupLimits {
  readonly quota: number | undefined;
  readonly freeBytes: number | undefined;
}

/** Of this process's group and of those above it. */
function controlGroups(source: MachineSource): readonly GroupLimits[] {
  const lines = (source.read('/proc/self/cgroup') ?? '').trim().split('\n');
  return lines.flatMap((line) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const names = controllers.split(',');
    if (controllers === '') return foldersOf('/sys/fs/cgroup', path).map((folder) => limits(source, folder));
    if (names.includes('memory'))
      return foldersOf('/sys/fs/cgroup/memory', path).map((folder) => oldMemory(source, folder));
    if (names.includes('cpu'))
      return foldersOf('/sys/fs/cgroup/cpu', path).map((folder) => oldQuota(source, folder));
    return [];
  });
}

/** '/a/b' -> root/a/b, root/a, root. Within a container the path may be the outside's, and only the root is there. */
function foldersOf(root: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    [root, ...parts.slice(0, parts.length - up)].join('/'),
  );
}

/** cgroup v2: `cpu.max` is "max 100000" or "50000 100000", microseconds in a period. */
function limits({ read }: MachineSource, folder: string): GroupLimits {
  const [time, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number);
  return {
    quota: isPositive(time) && isPositive(period) ? time / period : undefined,
    freeBytes: freeIn(
      amount(read(`${folder}/memory.max`)),
      amount(read(`${folder}/memory.current`)),
      cachedBytes(read(`${folder}/memory.stat`), 'inactive_file'),
    ),
  };
}

function oldMemory({ read }: MachineSource, folder: string): GroupLimits {
  return {
    quota: undefined,
    freeBytes: freeIn(
      amount(read(`${folder}/memory.limit_in_bytes`)),
      amount(read(`${folder}/memory.usage_in_bytes`)),
      cachedBytes(read(`${folder}/memory.stat`), 'total_inactive_file'),
    ),
  };
}

function oldQuota({ read }: MachineSource, folder: string): GroupLimits {
  const time = amount(read(`${folder}/cpu.cfs_quota_us`));
  const period = amount(read(`${folder}/cpu.cfs_period_us`));
  const isLimited = isPositive(time) && isPositive(period);
  return { quota: isLimited ? time / period : undefined, freeBytes: undefined };
}

function freeIn(limit: number | undefined, used: number | undefined, cached: number): number | undefined {
  if (limit === undefined || used === undefined) return undefined;
  return Math.max(0, limit - Math.max(0, used - cached));
}

/** undefined for 'max' and for what is no number. */
function amount(text: string | undefined): number | undefined {
  const digits = /^\s*(-?\d+)\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function cachedBytes(stat: string | undefined, name: string): number {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(stat ?? '')?.[1];
  return Number(found ?? 0);
}

const isPositive = (value: number | undefined): value is number => value !== undefined && value > 0;

/** No power from outside, and a battery that says so. */
function isOnBattery({ read, list }: MachineSource): boolean {
  const folder = '/sys/class/power_supply';
  const supplies = list(folder).map((name) => ({
    type: read(`${folder}/${name}/type`)?.trim(),
    online: read(`${folder}/${name}/online`)?.trim(),
    status: read(`${folder}/${name}/status`)?.trim(),
    // a mouse has a battery too
    scope: read(`${folder}/${name}/scope`)?.trim(),
  }));
  const isPlugged = supplies.some(({ type, online }) => type !== 'Battery' && online === '1');
  return (
    !isPlugged &&
    supplies.some(
      ({ type, status, scope }) => type === 'Battery' && scope !== 'Device' && status === 'Discharging',
    )
  );
}

/**
 * What a compute process needs beside its data set, bytes: resident at most while it trained the reference model on 320
 * made-up images (115, 378 and 184 MB under Linux), and a little more.
 */
const engineBytes: Readonly<Record<EngineName, number>> = {
  compiled: 120e6,
  tensorflow: 400e6,
  wasm: 200e6,
};
/** For weights, gradients, the optimiser's two moments, and copies on their way. */
const copiesOfWeights = 6;
/** Left to everything else on this machine, this process's masks and models among it. */
const reservedBytes = 300e6;

export interface ProcessWork {
  readonly engine: EngineName;
  /** Images, labels: what every process loads. */
  readonly dataBytes: number;
  readonly parameters: number;
  /** How many can work side by side; more would never have work. */
  readonly useful: number;
  /** By a person. */
  readonly asked: number | undefined;
}

/** Never below one: what little memory there is, one process finishes in it. */
export function planProcesses(work: ProcessWork, facts: MachineFacts = readMachine()): ProcessPlan {
  const { engine, dataBytes, parameters, useful, asked } = work;
  const { cores, quota, freeBytes, onBattery } = facts;
  const bytesEach = engineBytes[engine] + dataBytes + 4 * parameters * copiesOfWeights;
  const known = { cores, freeBytes, bytesEach, onBattery };
  if (asked !== undefined)
    return useful < asked
      ? { processes: useful, reason: 'work', ...known }
      : { processes: asked, reason: 'asked', ...known };
  const bounds = [
    { reason: 'cores', most: cores },
    // two half processors finish as soon as one whole: what is left of a period is not lost
    { reason: 'quota', most: Math.ceil(quota) },
    { reason: 'work', most: useful },
    { reason: 'memory', most: Math.floor((freeBytes - reservedBytes) / bytesEach) },
  ] as const;
  const least = bounds.reduce((tightest, bound) => (bound.most < tightest.most ? bound : tightest));
  return { processes: Math.max(1, least.most), reason: least.reason, ...known };
}

/** What every process loads of a data set, bytes. */
export function dataBytesOf(data: {
  readonly train: ImageCount;
  readonly test: { readonly count: number };
}): number {
  const { count, height, width, channels } = data.train;
  return (count + data.test.count) * (height * width * channels + 1);
}

interface ImageCount {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}
