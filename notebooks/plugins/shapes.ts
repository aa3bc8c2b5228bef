import { createRandom, datasets, type Dataset, graphBuilder, nets, type pruning, tf } from 'pathkernel';

// Data, a network and a score of one's own, as a plug-in that sweeps name: plugins: ['notebooks/plugins/shapes.ts'].

const size = 12; // pixels of a side
/** Whether a pixel, dx and dy from the middle, is part of a shape of radius r. */
const kinds: Record<string, (dx: number, dy: number, r: number) => boolean> = {
  disc: (dx, dy, r) => Math.hypot(dx, dy) <= r,
  ring: (dx, dy, r) => Math.abs(Math.hypot(dx, dy) - r) <= 0.8,
  cross: (dx, dy, r) => Math.min(Math.abs(dx), Math.abs(dy)) <= 0.7 && Math.max(Math.abs(dx), Math.abs(dy)) <= r,
  square: (dx, dy, r) => Math.abs(Math.max(Math.abs(dx), Math.abs(dy)) - r) <= 0.8,
};

/** Images of four shapes, as typed arrays: any place, size and brightness, on noise. */
export function drawShapes({ train = 2000, test = 600, seed = 0 } = {}): Dataset<Uint8Array> {
  const classNames = Object.keys(kinds);
  const draw = (count: number, split: string) => {
    const random = createRandom(seed).fork(split);
    const pixels = new Uint8Array(count * size * size); // [count, size, size, 1]
    const labels = Uint8Array.from({ length: count }, (_, i) => i % classNames.length); // [count]
    labels.forEach((label, i) => {
      const [x, y] = [0, 1].map(() => 4 + 3 * random.uniform());
      const [r, bright] = [2.5 + 1.5 * random.uniform(), 90 + 120 * random.uniform()];
      for (let at = 0; at < size * size; at++) {
        const isIn = kinds[classNames[label]]((at % size) - x, Math.floor(at / size) - y, r);
        pixels[i * size * size + at] = Math.min(255, Math.max(0, 40 + 35 * random.normal() + (isIn ? bright : 0)));
      }
    });
    return { pixels, labels, count };
  };
  const parts = { train: draw(train, 'train'), test: draw(test, 'test') };
  return datasets.makeDataset({ name: 'shapes', shape: [size, size, 1], classes: classNames.length, classNames, ...parts });
}

/** Two convolutions, the second beside a shortcut, a third on half the size, and a classifier. */
export function patches({ input = [size, size, 1], classes = 4, width = 6 }: { input?: nets.Shape; classes?: number; width?: number } = {}) {
  const g = graphBuilder(input);
  const stem = g.relu('relu1', g.conv2d('stem', g.input, { filters: width }));
  const sum = g.relu('relu2', g.add('sum', stem, g.conv2d('inner', stem, { filters: width })));
  const top = g.relu('relu3', g.conv2d('top', g.maxPool('pool', sum, { size: 2 }), { filters: width }));
  g.dense('out', g.globalAvgPool('mean', top), { units: classes });
  return g.build('patches');
}

/** |θ| times the root mean square of what the weight multiplies, after Sun et al. 2023 (arXiv 2306.11695). */
export const wanda: pruning.ScoringMethod = {
  description: '|θ| √(mean x²)',
  needs: 'batch',
  iterations: 1,
  score: (network, params, { batch }) =>
    tf.tidy(() => {
      const sizes: Record<string, tf.Tensor> = {}; // [channels] each
      nets.forward(network, params, (batch as pruning.ScoreBatch).images, {
        onValue: ({ id }, x) => {
          sizes[id] = tf.keep(x.square().mean(x.shape.slice(1).map((_, axis) => axis)).sqrt());
        },
      });
      const scores = nets.kernelsOf(network).map(({ name, layer }) => {
        const [read] = network.nodes.find(({ id }) => id === layer)?.inputs ?? [];
        return [name, params[name].abs().mul(sizes[read].expandDims(1))] as const; // [..., channels, filters]
      });
      tf.dispose(sizes);
      return Object.fromEntries(scores);
    }),
};

export default {
  datasets: {
    shapes: { shape: [size, size, 1], classes: 4, train: 2000, test: 600, load: async () => drawShapes() } satisfies datasets.DataSource,
  },
  models: { patches },
  methods: { wanda },
};
