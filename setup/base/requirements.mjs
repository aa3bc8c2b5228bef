import { readdirSync, readFileSync } from 'node:fs';

/** The `name==version` lines of a pip requirements file, as normalised name to version. */
export function readPins(path) {
  return parsePins(readFileSync(path, 'utf8'));
}

export function parsePins(text) {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const pins = lines.map((line) => /^([\w.-]+)(?:\[[\w,-]*\])?==([^\s;]+)/.exec(line)).filter(Boolean);
  return new Map(pins.map(([, name, version]) => [normalise(name), version]));
}

/** What is installed in a site-packages folder, by the names of its dist-info folders: no Python is started. */
export function installedVersions(site) {
  const found = readdirSync(site)
    .map((name) => /^(.+)-([^-]+)\.dist-info$/.exec(name))
    .filter(Boolean);
  return new Map(found.map(([, name, version]) => [normalise(name), version]));
}

/** The pins a site-packages folder does not fulfil. */
export function missingPins(pins, site) {
  const installed = site === undefined ? new Map() : installedVersions(site);
  return [...pins].filter(([name, version]) => installed.get(name) !== version).map(([name]) => name);
}

// PEP 503: runs of "-", "_" and "." are one "-", case does not count.
function normalise(name) {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
