import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invalid } from '../../base';
import { fieldsOf, isFields } from '../jsonFields';
import { readFields } from '../readFields';
import { buildSubject, disposeSubject } from '../subject';
import type { Kind } from './kind';
import { checkBound } from './px/bound';
import { checkIterated } from './px/iterated';
import { checkParts } from './px/parts';
import { checkScores } from './px/scores';

/** PX beside SynFlow-L2 on networks of other files, which lie beside the file or in the folder above. */
export const px: Kind = async function* (file, options) {
  for (const [name, fields] of Object.entries(fieldsOf('file', file.fields).object('networks'))) {
    if (!isFields(fields))
      throw invalid('reference file', `networks.${name} must be an object`, typeof fields);
    const other = fieldsOf(`networks.${name}`, fields).text('file');
    const path = [file.folder, join(file.folder, '..')].map((folder) => join(folder, other)).find(existsSync);
    if (path === undefined)
      throw invalid('reference file', `${file.name} speaks of a file that is not there`, other);
    const subject = buildSubject({ name: other, folder: dirname(path), fields: readFields(path) });
    try {
      for (const check of [checkParts, checkBound, checkScores, checkIterated])
        for await (const comparison of check(subject, fields, options))
          yield { ...comparison, quantity: `networks.${name}.${comparison.quantity}` };
    } finally {
      disposeSubject(subject);
    }
  }
};
