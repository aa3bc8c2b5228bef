import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasets } from '../../data';
import { fc, registerModel } from '../../network';
import { readConfig } from '../config';
import { buildModel } from './buildModel';

const { model } = readConfig({ data: 'fashion-mnist', model: 'fc-100' });
const build = (change: object, data = 'fashion-mnist') => buildModel({ ...model, ...change }, datasets[data]);

test('configurations alike share a network, others do not, nor do those of a plug-in', () => {
  assert.equal(build({}), build({}));
  assert.notEqual(build({}), build({ name: 'fc-200' }));
  assert.notEqual(build({}), build({}, 'cifar-10'));
  const takeOut = registerModel('mine', (options = {}) => fc({ ...options, width: 3 }));
  try {
    assert.notEqual(build({ name: 'mine' }), build({ name: 'mine' }));
  } finally {
    takeOut();
  }
});
