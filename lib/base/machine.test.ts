import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cgroupLimits } from './cgroupLimits';
import { thisMachine } from './machine';
import { memorySize, memoryText } from './memorySize';

/** The limits where `proc` and `sys` hold these files. */
function limitsWith(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'pathkernel-groups-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name.replace(/^@/, 'sys/fs/cgroup'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const limits = cgroupLimits(root);
  rmSync(root, { recursive: true });
  return limits;
}

const none = { cores: Infinity, total: Infinity, free: Infinity };

test('limits of control groups are the tightest of the own group and those around it', () => {
  assert.deepEqual(limitsWith({}), none);
  assert.deepEqual(limitsWith({ 'proc/self/cgroup': '0::/\n' }), none);
  const container = { '@/memory.max': '2000\n', '@/memory.current': '500\n', '@/cpu.max': '150000 100000\n' };
  const own = { 'proc/self/cgroup': '0::/\n' };
  assert.deepEqual(limitsWith({ ...own, ...container }), { cores: 1.5, total: 2000, free: 1500 });
  const unlimited = { '@/memory.max': 'max\n', '@/memory.current': '500\n', '@/cpu.max': 'max 100000\n' };
  assert.deepEqual(limitsWith({ ...own, ...unlimited }), none);
  const job = {
    'proc/self/cgroup': '0::/slurm/job_1/step_0/task_0\n',
    '@/slurm/job_1/memory.max': '4000\n',
    '@/slurm/job_1/memory.current': '3000\n',
    '@/slurm/job_1/memory.stat': 'anon 1000\nfile 2000\ninactive_file 1200\nactive_file 300\n',
    '@/slurm/job_1/cpu.max': '400000 100000\n',
    '@/slurm/job_1/step_0/memory.max': '3500\n',
    '@/slurm/job_1/step_0/memory.current': '100\n',
    '@/slurm/job_1/step_0/task_0/memory.max': 'max\n',
    '@/slurm/job_1/step_0/task_0/cpu.max': '200000 100000\n',
  };
  assert.deepEqual(limitsWith(job), { cores: 2, total: 3500, free: 2500 }, 'cached files count as free');
  const full = { ...own, '@/memory.max': '1000', '@/memory.current': '1100' };
  assert.equal(limitsWith(full).free, 0);
});

test('so are those of the first version, by itself and beside the second', () => {
  const first = {
    'proc/self/cgroup': '9:name=systemd:/\n4:memory:/docker/x\n3:cpuset:/\n2:cpu,cpuacct:/docker/x\n0::/\n',
    '@/memory/memory.limit_in_bytes': '9223372036854771712\n',
    '@/memory/memory.usage_in_bytes': '100\n',
    '@/memory/docker/x/memory.limit_in_bytes': '2000\n',
    '@/memory/docker/x/memory.usage_in_bytes': '1500\n',
    '@/memory/docker/x/memory.stat':
      'cache 9\ninactive_file 1\nactive_file 1\ntotal_inactive_file 200\ntotal_active_file 100\n',
    '@/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
    '@/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    '@/cpu,cpuacct/docker/x/cpu.cfs_quota_us': '300000\n',
    '@/cpu,cpuacct/docker/x/cpu.cfs_period_us': '100000\n',
  };
  assert.deepEqual(limitsWith(first), { cores: 3, total: 2000, free: 800 });
  // In a container the path is that of the host, and the files lie at the top.
  const inside = {
    'proc/self/cgroup': '4:memory:/docker/x\n',
    '@/memory/memory.limit_in_bytes': '700\n',
    '@/memory/memory.usage_in_bytes': '100\n',
  };
  assert.deepEqual(limitsWith(inside), { ...none, total: 700, free: 600 });
});

test('a machine has what control groups and Slurm leave of it, unless the environment says otherwise', () => {
  const GB = 1e9;
  const free = thisMachine({}, none);
  assert.equal(free.cores, availableParallelism());
  assert.equal(free.total, totalmem());
  assert.ok(free.free > 0 && free.free <= free.total);
  const grouped = thisMachine({}, { cores: 0.5, total: 2 * GB, free: 0 });
  assert.deepEqual(grouped, { cores: 1, total: 2 * GB, free: 0 });
  assert.equal(thisMachine({}, { ...none, cores: 1.9 }).cores, 1);
  const job = { SLURM_CPUS_PER_TASK: '1', SLURM_CPUS_ON_NODE: '64', SLURM_MEM_PER_NODE: '100' };
  assert.equal(thisMachine(job, none).cores, 1);
  assert.equal(thisMachine(job, none).total, 100 * 2 ** 20);
  assert.ok(thisMachine(job, none).free <= 100 * 2 ** 20);
  assert.equal(thisMachine({ SLURM_CPUS_ON_NODE: '1' }, none).cores, 1);
  const share = { SLURM_CPUS_PER_TASK: '1', SLURM_MEM_PER_CPU: '50' };
  assert.equal(thisMachine(share, none).total, 50 * 2 ** 20);
  assert.equal(thisMachine({ SLURM_MEM_PER_NODE: '0' }, none).total, totalmem(), '0 is all of the node');
  const own = { PATHKERNEL_THREADS: '12', PATHKERNEL_MEMORY: '3GB', ...job };
  assert.deepEqual(thisMachine(own, none), { cores: 12, total: 3 * GB, free: 3 * GB });
  assert.throws(() => thisMachine({ PATHKERNEL_MEMORY: 'all' }, none), {
    message: 'invalid PATHKERNEL_MEMORY; not bytes, such as 1.5e9, or a text such as 1.5GiB or 800MB: all',
  });
});

test('memory is given in bytes or with a unit', () => {
  const sizes = {
    '1GiB': 2 ** 30,
    '1.5 GB': 1.5e9,
    '800mb': 8e8,
    '12': 12,
    '7B': 7,
    '0': 0,
    '2 TiB': 2 ** 41,
  };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(memorySize('memory', text), bytes);
  assert.equal(memorySize('memory', 1e9), 1e9);
  for (const wrong of ['1G', 'GiB', '-1', '1e9', '', ' ', -1, Number.NaN, Number.POSITIVE_INFINITY, null, {}])
    assert.throws(() => memorySize('memory', wrong as never), /^InvalidError: invalid memory; not bytes/);
  assert.deepEqual([1.35e9, 5.4e7, 1e5, 12e9].map(memoryText), ['1.35 GB', '54 MB', '0.10 MB', '12.0 GB']);
});
