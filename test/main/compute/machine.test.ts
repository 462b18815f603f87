import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import {
  dataBytesOf,
  type MachineFacts,
  type MachineSource,
  planProcesses,
  readMachine,
} from '../../../main/compute/machine.ts';

const gigabyte = 1e9;
const roomy: MachineFacts = { cores: 4, quota: Infinity, freeBytes: 16 * gigabyte, onBattery: false };
/** The reference experiment. */
const reference = {
  engine: 'compiled',
  dataBytes: dataBytesOf({
    train: { count: 60_000, height: 28, width: 28, channels: 1 },
    test: { count: 10_000 },
  }),
  parameters: 241_546,
  useful: 20,
  asked: undefined,
} as const;

describe('planProcesses()', () => {
  const plan = (work: Partial<Parameters<typeof planProcesses>[0]>, facts: Partial<MachineFacts> = {}) => {
    const { processes, reason } = planProcesses({ ...reference, ...work }, { ...roomy, ...facts });
    return [processes, reason];
  };

  it('takes one process a core', () => {
    assert.deepEqual(plan({}), [4, 'cores']);
    assert.deepEqual(plan({}, { cores: 1 }), [1, 'cores']);
  });

  it('takes no more than there is work for, whatever was asked', () => {
    assert.deepEqual(plan({ useful: 3 }), [3, 'work']);
    assert.deepEqual(plan({ useful: 3, asked: 256 }), [3, 'work']);
  });

  it("keeps to a container's quota, the part of a processor that is left included", () => {
    assert.deepEqual(plan({}, { quota: 2 }), [2, 'quota']);
    assert.deepEqual(plan({}, { quota: 1.5 }), [2, 'quota']);
    assert.deepEqual(plan({}, { quota: 0.1 }), [1, 'quota']);
  });

  it('lets a laptop with 2 GB free finish, with as many processes as fit', () => {
    const facts = { cores: 16, freeBytes: 2 * gigabyte };
    const [processes, reason] = plan({}, facts);
    assert.equal(reason, 'memory');
    assert.ok(Number(processes) >= 4 && Number(processes) < 16, String(processes));
    assert.ok(Number(plan({ engine: 'tensorflow' }, facts)[0]) < Number(processes));
    assert.ok(Number(plan({ dataBytes: 800e6 }, facts)[0]) < Number(processes));
    assert.ok(Number(plan({ parameters: 10e6 }, facts)[0]) < Number(processes));
  });

  it('never takes less than one, and what a person asks for though memory is short', () => {
    assert.deepEqual(plan({}, { freeBytes: 0 }), [1, 'memory']);
    assert.deepEqual(plan({ asked: 8 }, { freeBytes: 0, cores: 2 }), [8, 'asked']);
  });

  it('tells on what it decided', () => {
    const { processes: _, reason: __, ...facts } = planProcesses(reference, { ...roomy, onBattery: true });
    const { bytesEach, ...others } = facts;
    assert.deepEqual(others, { cores: 4, freeBytes: 16 * gigabyte, onBattery: true });
    assert.ok(bytesEach > reference.dataBytes + 100e6);
  });
});

describe('readMachine()', () => {
  /** files: a folder is what some file lies in. */
  const machine = (
    files: Readonly<Record<string, string>>,
    changes: Partial<MachineSource> = {},
  ): MachineFacts =>
    readMachine({
      platform: 'linux',
      cores: () => 8,
      freeBytes: () => 10 * gigabyte,
      totalBytes: () => 16 * gigabyte,
      read: (path) => files[path],
      list: (folder) => [
        ...new Set(
          Object.keys(files)
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1).split('/')[0]!),
        ),
      ],
      ...changes,
    });

  it('is as the system says where nothing limits it', () => {
    const facts = { cores: 8, quota: Infinity, freeBytes: 10 * gigabyte, onBattery: false };
    assert.deepEqual(machine({}), facts);
    const unlimited = {
      '/proc/self/cgroup': '0::/user.slice\n',
      '/sys/fs/cgroup/user.slice/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/user.slice/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/memory.current': '5000000000\n',
    };
    assert.deepEqual(machine(unlimited), facts);
  });

  it('is bounded by the control group and those above it, files in the cache counted as free', () => {
    const { quota, freeBytes } = machine({
      '/proc/self/cgroup': '0::/pod/app\n',
      '/sys/fs/cgroup/pod/app/cpu.max': '300000 100000\n',
      '/sys/fs/cgroup/pod/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/pod/app/memory.max': '3000000000\n',
      '/sys/fs/cgroup/pod/app/memory.current': '2500000000\n',
      '/sys/fs/cgroup/pod/app/memory.stat': 'anon 500000000\ninactive_file 1900000000\nactive_file 1\n',
    });
    assert.deepEqual([quota, freeBytes], [1.5, 2.4 * gigabyte]);
  });

  it("finds a container's limits at the root, where its path is the outside's", () => {
    const { quota, freeBytes } = machine({
      '/proc/self/cgroup': '0::/../../docker/0123\n',
      '/sys/fs/cgroup/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/memory.max': '1000000000\n',
      '/sys/fs/cgroup/memory.current': '1200000000\n',
    });
    assert.deepEqual([quota, freeBytes], [2, 0]);
  });

  it('reads the older kind of control groups', () => {
    const { quota, freeBytes } = machine({
      '/proc/self/cgroup': '4:memory:/app\n3:cpu,cpuacct:/app\n1:name=systemd:/app\n',
      '/sys/fs/cgroup/memory/app/memory.limit_in_bytes': '2000000000\n',
      '/sys/fs/cgroup/memory/app/memory.usage_in_bytes': '1500000000\n',
      '/sys/fs/cgroup/memory/app/memory.stat': 'cache 2\ntotal_inactive_file 700000000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '250000\n',
      '/sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    });
    assert.deepEqual([quota, freeBytes], [2.5, 1.2 * gigabyte]);
  });

  it('knows a laptop that runs on its battery from one that is plugged in, and from the battery of a mouse', () => {
    const supply = '/sys/class/power_supply';
    const battery = { [`${supply}/BAT0/type`]: 'Battery\n', [`${supply}/BAT0/status`]: 'Discharging\n' };
    const plug = (online: string) => ({
      [`${supply}/AC/type`]: 'Mains\n',
      [`${supply}/AC/online`]: `${online}\n`,
    });
    assert.equal(machine({ ...battery, ...plug('0') }).onBattery, true);
    assert.equal(machine(battery).onBattery, true);
    assert.equal(machine({ ...battery, ...plug('1') }).onBattery, false);
    assert.equal(machine({ ...battery, [`${supply}/BAT0/status`]: 'Charging\n' }).onBattery, false);
    assert.equal(machine({ ...battery, [`${supply}/BAT0/scope`]: 'Device\n' }).onBattery, false);
  });

  it('takes half of the memory of a Mac for free, which counts what it could give up as used', () => {
    assert.equal(machine({}, { platform: 'darwin', freeBytes: () => 1e8 }).freeBytes, 8 * gigabyte);
  });

  it('finds this machine usable', () => {
    const { cores, quota, freeBytes } = readMachine();
    assert.equal(cores, availableParallelism());
    assert.ok(quota > 0 && freeBytes > 0);
  });
});
