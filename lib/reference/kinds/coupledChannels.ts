import { invalid } from '../../base';
import { applyMask, compact, forward, kernelsOf, type Params } from '../../network';
import {
  type ChannelMethodName,
  type Coupling,
  channelMask,
  channelSaliencies,
  couplingsOf,
  type RankedChannel,
  removalOrder,
  twoHopMass,
} from '../../prune';
import { tf } from '../../tensor';
import type { Check } from '../checks/check';
import { checkData } from '../checks/data';
import { checkOutputs } from '../checks/outputs';
import { CANCELLING, type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf } from '../jsonFields';
import type { Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import { ofOneNetwork } from './kind';

/** Lists of removals, by the method that orders them. */
const ORDERS: Readonly<Record<string, ChannelMethodName>> = {
  order: 'dfpc',
  order_l1: 'channels-l1',
  order_single_couplings: 'dfpc/single',
};

/** The couplings of the network, with what saliencies of both measures and of every pair of layers are. */
const checkCouplings: Check = async function* (subject, file) {
  const { network, params } = subject;
  const listed = fieldsOf('file', file).objects('couplings');
  const found = couplingsOf(network);
  yield equal('couplings.count', listed.length, found.length);
  const scores = {
    saliency: await channelSaliencies(network, params, { method: 'dfpc' }),
    l1: await channelSaliencies(network, params, { method: 'channels-l1' }),
  };
  for (const fields of listed) {
    const { text, texts, number, objects } = fieldsOf('couplings', fields);
    const prefix = `couplings.${text('id')}.`;
    const own = matching(found, fields);
    if (own === undefined) {
      yield equal(`${prefix}A`, 0, 1);
      continue;
    }
    yield equal(`${prefix}A`, [...texts('A')].sort(), [...own.producers].sort());
    yield equal(`${prefix}B`, [...texts('B')].sort(), [...own.consumers].sort());
    yield equal(`${prefix}batch_norms`, texts('batch_norms'), batchNormsOf(subject, texts('A')));
    yield equal(`${prefix}channels`, number('channels'), own.channels.length);
    for (const [name, of] of Object.entries(scores))
      yield relative(
        subject,
        prefix + name,
        of.filter(({ coupling }) => coupling === own.id).map(({ saliency }) => saliency),
        fields[name],
      );
    const pairs = objects('pairs').map((pair) => fieldsOf('pairs', pair));
    const named = pairs.map((pair) => `${pair.text('a')} ${pair.text('b')}`);
    const behind = own.producers.flatMap((a) => {
      const masses = twoHopMass(network, params, a);
      return own.consumers.filter((b) => masses[b].some((mass) => mass !== 0)).map((b) => `${a} ${b}`);
    });
    yield equal(`${prefix}pairs.reachable`, [...named].sort(), behind.sort());
    for (const pair of pairs) {
      const masses = twoHopMass(network, params, pair.text('a'))[pair.text('b')] ?? [];
      const summed = own.channels.map(({ read }) =>
        (read[pair.text('b')] ?? []).reduce((sum, channel) => sum + masses[channel], 0),
      );
      yield relative(
        subject,
        `${prefix}pairs.${pair.text('a')}.${pair.text('b')}`,
        summed,
        pair.numbers('scores'),
      );
    }
  }
};

/** The orders in which channels go, and what the networks are without them. */
const checkRemovals: Check = async function* (subject, file) {
  const { objects } = fieldsOf('file', file);
  const couplings = objects('couplings');
  const idOf = (name: string) =>
    matching(couplingsOf(subject.network), couplings.find(({ id }) => id === name) ?? {})?.id ?? name;
  for (const [name, method] of Object.entries(ORDERS)) {
    if (file[name] === undefined) continue;
    const expected = objects(name);
    const order = removalOrder(await channelSaliencies(subject.network, subject.params, { method })).slice(
      0,
      expected.length,
    );
    yield equal(
      `${name}.channels`,
      expected.map(({ coupling, channel }) => `${idOf(String(coupling))} ${channel}`),
      order.map(({ coupling, channel }) => `${coupling} ${channel}`),
    );
    const scores = order.map(({ saliency }) => saliency);
    yield relative(
      subject,
      `${name}.scores`,
      scores,
      expected.map(({ score }) => score),
    );
    const after = name.replace('order', 'after');
    if (file[after] !== undefined) yield* afterRemovals(subject, after, objects(after), order);
  }
  if (file.order_given === undefined) return;
  const all = await channelSaliencies(subject.network, subject.params, { method: 'dfpc' });
  const given = objects('order_given').map(({ coupling, channel }) => {
    const found = all.find((own) => own.coupling === idOf(String(coupling)) && own.channel === channel);
    if (found) return found;
    throw invalid(
      'reference file',
      'order_given has a channel that there is none of',
      `${coupling} ${channel}`,
    );
  });
  yield relative(
    subject,
    'order_given.scores',
    given.map(({ saliency }) => saliency),
    objects('order_given').map(({ score }) => score),
  );
  if (file.after_given !== undefined)
    yield* afterRemovals(subject, 'after_given', objects('after_given'), given);
};

/** Outputs, shapes and weights of a network without the first channels of a list, masked and smaller. */
function* afterRemovals(
  subject: Subject,
  name: string,
  listed: readonly Fields[],
  order: readonly RankedChannel[],
): Generator<Comparison> {
  const { network, params, data } = subject;
  for (const fields of listed) {
    const { number, object } = fieldsOf(name, fields);
    const prefix = `${name}.${number('removed')}.`;
    const gone = order.slice(0, number('removed')).map(({ at }) => at);
    const mask = channelMask(network, gone);
    const partly = channelMask(
      network,
      gone.map(({ written }) => ({ written, read: {} })),
    );
    const small = compact(network, params, mask);
    const masked = applyMask(network, params, mask);
    const shifted = applyMask(network, params, partly);
    try {
      const outputs = (at: Params, of = network) =>
        data === undefined ? [] : tf.tidy(() => forward(of, at, data.inputs).dataSync());
      yield relative(
        subject,
        `${prefix}outputs`,
        outputs(small.params, small.network),
        fields.outputs,
        CANCELLING,
      );
      yield relative(subject, `${prefix}outputs_masked`, outputs(masked), fields.outputs, CANCELLING);
      const only = 'outputs_if_only_producer_weights_are_zeroed';
      if (fields[only] !== undefined)
        yield relative(subject, prefix + only, outputs(shifted), fields[only], CANCELLING);
      const kernels = kernelsOf(small.network);
      for (const [kernel, shape] of Object.entries(object('shapes'))) {
        const spec = kernels.find((own) => own.name === kernel);
        yield equal(`${prefix}shapes.${kernel}`, shape, spec && pytorchShape(spec.shape));
      }
      const left = kernels.reduce((sum, own) => sum + small.params[own.name].size, 0);
      yield equal(`${prefix}prunable_weights_left`, fields.prunable_weights_left, left);
    } finally {
      tf.dispose([mask, partly, small.params, small.mask, masked, shifted]);
    }
  }
}

const pytorchShape = (shape: readonly number[]) => [...[...shape].slice(-2).reverse(), ...shape.slice(0, -2)];

/** The coupling written by the layers of a list, in whichever order. */
function matching(couplings: readonly Coupling[], { A }: Fields): Coupling | undefined {
  const wanted = JSON.stringify([A].flat().sort());
  return couplings.find(({ producers }) => JSON.stringify([...producers].sort()) === wanted);
}

function batchNormsOf({ network }: Subject, kernels: readonly string[]): string[] {
  return kernels.flatMap((kernel) => {
    const layer = network.parameters.find(({ name }) => name === kernel)?.layer;
    const norm = network.nodes.find((node) => node.op === 'batchNorm' && node.inputs[0] === layer);
    return norm?.op === 'batchNorm' ? [norm.gamma.replace(/\.weight$/, '')] : [];
  });
}

function equal(quantity: string, expected: unknown, found: unknown): Comparison {
  const isSame = JSON.stringify(expected) === JSON.stringify(found);
  return { quantity, error: Number(!isSame), tolerance: 0, measure: 'entries' };
}

function relative(
  subject: Subject,
  quantity: string,
  found: ArrayLike<number>,
  expected: unknown,
  floor?: number,
): Comparison {
  const error = relativeError(found, expected, floor);
  return { quantity, error, tolerance: tolerancesOf(subject).value, measure: 'relative' };
}

/** Kind `coupled-channels`. */
export const coupledChannels = ofOneNetwork([checkData, checkOutputs, checkCouplings, checkRemovals]);
