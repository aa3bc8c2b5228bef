/** What can stop any step, by what is seen of it in a program's output or in an error of Node's. */
const common = [
  [
    /\bENOSPC\b|\bEDQUOT\b|No space left on device|Disk quota exceeded/i,
    'free some disk space (2 GB in all), then start again',
  ],
  [
    /\bE(?:ACCES|PERM|ROFS)\b|Permission denied|Read-only file system|Operation not permitted/i,
    'make what is named above yours to write to, then start again',
  ],
  [
    /\bSIGKILL\b|out of memory|MemoryError|Killed signal/i,
    'memory ran out, or someone ended it: close other programs, then start again',
  ],
];

/** What to do about a cause that any step may meet, or undefined where none is seen. */
export function commonRemedy(output) {
  return common.find(([cause]) => cause.test(output))?.[1];
}
