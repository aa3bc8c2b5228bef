/** A command of `npx pathkernel`. */
export interface Command {
  /** What it does, in a line of `--help`. */
  summary: string;
  /** Its file, read only when the command is run. */
  load: () => { run: (args: string[]) => Promise<number> };
}

/** Every command by name. A new one is a file here that exports `run`, and a line in this table. */
export const commands: Readonly<Record<string, Command>> = {
  doctor: {
    summary: 'shows what this machine offers and what is amiss, with the remedy',
    load: () => require('./doctor') as typeof import('./doctor'),
  },
  check: {
    summary: 'type-checks whole notebooks, all of notebooks/ or those named',
    load: () => require('./check') as typeof import('./check'),
  },
  notebooks: {
    summary: 'executes notebooks and stores their outputs, or only tries them',
    load: () => require('./notebooks') as typeof import('./notebooks'),
  },
  methods: {
    summary: 'lists the methods, or says where one is from, what it costs and needs',
    load: () => require('./methods') as typeof import('./methods'),
  },
  data: {
    summary: 'lists the data sets, or downloads those named',
    load: () => require('./data') as typeof import('./data'),
  },
  reference: {
    summary: 'compares this library with files of reference numbers',
    load: () => require('./reference') as typeof import('./reference'),
  },
  sweep: {
    summary: 'does the runs of a sweep that are not done yet',
    load: () => require('./sweep') as typeof import('./sweep'),
  },
  status: {
    summary: 'says where the runs of a sweep stand',
    load: () => require('./status') as typeof import('./status'),
  },
  pack: {
    summary: 'packs the finished runs of sweeps into an archive',
    load: () => require('./pack') as typeof import('./pack'),
  },
  unpack: {
    summary: 'takes the runs of an archive over',
    load: () => require('./unpack') as typeof import('./unpack'),
  },
  profile: {
    summary: 'says where the time of training, evaluating or pruning a network goes',
    load: () => require('./profile') as typeof import('./profile'),
  },
  compact: {
    summary: 'cuts a pruned network down to what its outputs depend on, for this library and tfjs',
    load: () => require('./compact') as typeof import('./compact'),
  },
  spectrum: {
    summary: 'reads the spectrum of the Path Kernel of a network, dense or pruned',
    load: () => require('./spectrum') as typeof import('./spectrum'),
  },
  export: {
    summary: 'writes the records of all runs as Parquet files',
    load: () => require('./export') as typeof import('./export'),
  },
};
