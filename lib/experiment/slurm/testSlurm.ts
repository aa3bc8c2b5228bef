import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why no Slurm can be started here; undefined where one can. For tests; not part of the library. */
export function whyNoSlurm(): string | undefined {
  for (const program of ['slurmctld', 'slurmd', 'munged', 'sbatch'])
    if (spawnSync('which', [program]).status !== 0)
      return `${program} is not installed (on Debian: apt install slurm-wlm munge)`;
  return process.getuid?.() === 0 ? undefined : 'only root can start one';
}

/**
 * Starts a Slurm of one node on loopback.
 *
 * @param folder for all its files
 * @returns what stops it
 */
export async function startSlurm(folder: string): Promise<() => Promise<void>> {
  const host = hostname().split('.')[0];
  for (const name of ['state', 'spool', 'munge']) mkdirSync(join(folder, name));
  const socket = join(folder, 'munge', 'socket');
  const key = join(folder, 'munge', 'key');
  writeFileSync(key, Buffer.alloc(1024, 'only for this test'), { mode: 0o400 });
  const port = 20_000 + (process.pid % 10_000) * 2;
  const settings = {
    ClusterName: 'local',
    SlurmctldHost: `${host}(127.0.0.1)`,
    AuthType: 'auth/munge',
    AuthInfo: `socket=${socket}`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    StateSaveLocation: join(folder, 'state'),
    SlurmdSpoolDir: join(folder, 'spool'),
    SlurmctldPidFile: join(folder, 'ctld.pid'),
    SlurmdPidFile: join(folder, 'd.pid'),
    SlurmctldLogFile: join(folder, 'ctld.log'),
    SlurmdLogFile: join(folder, 'd.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    ReturnToService: 2,
    // Short, so that a sweep of eight runs is more than an array.
    MaxArraySize: 6,
    SlurmctldPort: port,
    SlurmdPort: port + 1,
  };
  const node = `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus().length} RealMemory=1000 State=UNKNOWN`;
  const partition = `PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP`;
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(folder, 'slurm.conf'), [...lines, node, partition, ''].join('\n'));
  writeFileSync(join(folder, 'cgroup.conf'), '');
  process.env.SLURM_CONF = join(folder, 'slurm.conf');
  // In the foreground, so that they are ours to stop.
  const daemons = [
    spawn(
      'munged',
      [
        '-F',
        '--force',
        `--key-file=${key}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, 'munge', 'pid')}`,
        `--seed-file=${join(folder, 'munge', 'seed')}`,
        `--log-file=${join(folder, 'munge', 'log')}`,
      ],
      { stdio: 'ignore' },
    ),
  ];
  const stop = async () => {
    for (const daemon of daemons.reverse()) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      daemon.kill('SIGTERM');
      await Promise.race([ended, sleep(5000).then(() => daemon.kill('SIGKILL'))]);
    }
    delete process.env.SLURM_CONF;
  };
  await until(() => existsSync(socket), 'munged');
  for (const daemon of ['slurmctld', 'slurmd']) daemons.push(spawn(daemon, ['-D'], { stdio: 'ignore' }));
  try {
    await until(() => /^idle/m.test(sinfo()), 'an idle node');
  } catch (error) {
    await stop();
    const logs = ['ctld.log', 'd.log'].map((name) => join(folder, name)).filter(existsSync);
    throw new Error(logs.map((log) => readFileSync(log, 'utf8').slice(-2000)).join('\n'), { cause: error });
  }
  return stop;
}

function sinfo(): string {
  const { stdout } = spawnSync('sinfo', ['--noheader', '--format=%T'], { encoding: 'utf8' });
  return stdout ?? '';
}

/** Waits until something holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  seconds = 120,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(200);
  }
}

/** Has a task, `JOB_INDEX`, queued again, without the two minutes that Slurm puts before a second try. */
export function requeue(task: string): void {
  execFileSync('scontrol', ['requeue', task]);
  execFileSync('scontrol', ['update', `jobid=${task}`, 'starttime=now']);
}

/** Keeps the node from starting tasks, or lets it again. */
export function holdNode(isHeld: boolean): void {
  const state = isHeld ? ['state=drain', 'reason=test'] : ['state=resume'];
  execFileSync('scontrol', ['update', `nodename=${hostname().split('.')[0]}`, ...state]);
}
