import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../data/dataFolder';
import { type DownloadOptions, download } from '../data/download';
import { filesOf, type Manifest, readManifest } from '../data/manifest';
import { parseOptions } from './parseOptions';
import { progressLine } from './progressLine';

const usage = `npx pathkernel data                        lists the data sets
npx pathkernel data NAME… [--folder PATH]  downloads, checks and unpacks them

Files go to PATH, by default to $PATHKERNEL_DATA/NAME or data/downloads/NAME. Interrupted, the same command
goes on from where it was.`;

/**
 * The command `pathkernel data`: lists the sets, or brings those named.
 *
 * @param args what follows `data` on the command line
 * @param options passed on to `download`, for trying the command against other servers
 * @returns the exit status: 0 when all is there, 1 on failure, 130 when interrupted
 */
export async function run(args: string[], options: DownloadOptions = {}): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  const line = progressLine(process.stderr);
  try {
    const { values, positionals } = parseOptions({
      args,
      allowPositionals: true,
      options: { folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) console.log(usage);
    else if (positionals.length === 0) console.log(listing(options.manifest ?? readManifest()));
    else if (values.folder !== undefined && positionals.length > 1)
      throw new Error('--folder takes one NAME');
    for (const name of values.help ? [] : positionals) {
      const { folder, fetched } = await download(name, {
        folder: values.folder,
        signal: stop.signal,
        onProgress: line.show,
        ...options,
      });
      line.end();
      console.log(`${name}: ${fetched.length === 0 ? 'was all there' : 'fetched and checked'}, in ${folder}`);
    }
    return 0;
  } catch (error) {
    line.end();
    if (stop.signal.aborted) {
      console.error('stopped; the same command goes on from here');
      return 130;
    }
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function listing(manifest: Manifest): string {
  const lines = Object.entries(manifest).map(([name, set]) => {
    const folder = dataFolder(name);
    const isThere = filesOf(set).every((file) => existsSync(join(folder, file)));
    const megabytes = set.files.reduce((sum, file) => sum + file.bytes, 0) / 1e6;
    const state = isThere ? `in ${folder}` : `${megabytes.toFixed(0)} MB to download`;
    return `${name.padEnd(20)}${set.title}; ${state}`;
  });
  return [
    'fashion-mnist       a sample of Fashion-MNIST, 12,000 pictures; comes with the project',
    ...lines,
  ].join('\n');
}
