import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasets } from '../../data';
import { fc, type Network, registerModel } from '../../network';
import { readConfig } from '../config';
import { buildModel, modelLabel } from './buildModel';

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

test('fully connected networks may have shortcuts, which are part of the run’s name', () => {
  const skipping = readConfig({
    data: 'fashion-mnist',
    model: { name: 'fc', width: 8, depth: 4, skip: true },
  }).model;
  const plain = readConfig({
    data: 'fashion-mnist',
    model: { name: 'fc', width: 8, depth: 4, skip: false },
  }).model;
  assert.deepEqual(plain, { name: 'fc', width: 8, depth: 4 });
  assert.deepEqual([modelLabel(skipping), modelLabel(plain)], ['fc-8-4-skip', 'fc-8-4']);
  const around = readConfig({
    data: 'fashion-mnist',
    model: { name: 'fc', width: 8, depth: 4, skip: 'around' },
  }).model;
  assert.equal(modelLabel(around), 'fc-8-4-around');
  const adds = ({ nodes }: Network) => nodes.filter(({ op }) => op === 'add').length;
  assert.deepEqual(
    [skipping, plain, around].map((own) => adds(build(own))),
    [2, 0, 2],
  );
  assert.throws(
    () => readConfig({ data: 'fashion-mnist', model: { name: 'conv', skip: true } }),
    /config.model.skip; only for the model fc, conv has its own: true/,
  );
});
