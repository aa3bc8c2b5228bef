import sweep from '../../../data/sweeps/initial-trace.json';
import { planSweep } from '../../experiment/sweep';
import { traceSlopes } from '../../figure';
import { cell, column, numbersIn, pick, range, type Series, storedNotebook } from './storedNotebook';
import { type Claim, testClaims } from './testClaims';

testClaims(
  '03-trace-at-initialisation',
  ({ rows, series, printed }) => {
    const networks = ['fc-100, fashion', 'fc-500, fashion', 'fc-1000, fashion'];
    const tabled = (network: string, method: RegExp) =>
      pick(rows(`By how many tens the trace falls when the density falls by ten, ${network}`), { method });
    const [family, others] = [/^synflow/, /^(snip|grasp)$/].map((method) =>
      networks.map((one) => tabled(one, method)),
    );
    const leads = networks.flatMap((_, i) =>
      column(others[i], 'slope').flatMap((slope) => column(family[i], 'slope').map((own) => slope - own)),
    );
    const survivors = rows('By how many tens').filter(({ method }) => /^(snip|grasp)$/.test(`${method}`));
    const runs = survivors.map((row) => numbersIn(`${row['runs with a path']}`));

    // the means over seeds: bands have no labels, crosses come last
    const curve = (network: string, method: string) =>
      pick(series(`Path-Kernel trace, ${network}`), { name: method }).filter(
        ({ hover }) => hover.length > 0,
      )[0];
    const trace = (network: string, method: string, compression: number) =>
      at(curve(network, method), compression);
    const resnet = (method: string, compression: number) => trace('resnet20, fashion', method, compression);
    const slope = (network: string, method: string) => slopeOf(curve(network, method));
    const aheadInResnet = (compression: number) =>
      ['snip', 'grasp', 'synflow', 'synflow-dist']
        .map((other) => resnet('synflow-l2', compression) - resnet(other, compression))
        .filter(Number.isFinite);
    const isBelow = (one: string) =>
      trace(one, 'synflow', 100) < Math.min(trace(one, 'snip', 100), trace(one, 'grasp', 100));
    const spread = (compression: number) => {
      const [low, high] = range(networks.map((network) => trace(network, 'synflow', compression)));
      return high - low;
    };
    const [dense, ...pruned] = series('trace and depth').map(({ y }) => y);
    const layersOfResnet = storedNotebook('00-start-here').series('Density of each layer, resnet20')[0].x;

    const onCifar = rows(/by compression, synflow$/).map(({ network }) => `${network}`);
    const [resnets, levels] = [true, false].map((is) =>
      onCifar.filter((one) => one.includes('resnet') === is),
    );
    const vgg = (name: string) => ['synflow', 'synflow-l2'].map((method) => slope(`${name}-bn`, method));
    const withoutPath = (method: string) =>
      onCifar.filter((one) => trace(one, method, 1000) === -Infinity).length;
    const gaps = levels.flatMap((one) =>
      curve(one, 'synflow').y.map((log, i) => Math.abs(log - curve(one, 'synflow-l2').y[i])),
    );

    const norms = rows('Decimal logarithms at compression 100');
    const best = (model: string, norm: string) => {
      const own = pick(norms, { model }).sort((a, b) => Number(b[norm]) - Number(a[norm]));
      return own.map(({ method }) => method);
    };
    const fewer = (norm: string) =>
      cell(norms, { model: 'resnet20', method: 'synflow' }, norm) -
      cell(norms, { model: 'resnet20', method: 'synflow-l2' }, norm);
    const { seed, 'prune.exponent': exponents } = sweep.scales.paper.grid;

    return [
      [
        'the SynFlow family loses 2.1 to 2.4 powers of ten',
        ...range(networks.flatMap((one, i) => family[i].map(({ method }) => slope(one, `${method}`)))),
      ],
      ['SNIP and GraSP 3.2 to 4.0', ...range(column(others.flat(), 'slope'))],
      ['some of their runs lose the last path', Math.min(...runs.map(([left]) => left)) < 12],
      ...['synflow-l2', 'synflow-l2-dist'].map(
        (method): Claim => [
          'the L2 methods lose 2.8, SynFlow 4.5',
          slope('resnet20, fashion', method),
          slope('resnet20, fashion', 'synflow'),
        ],
      ),
      [
        'more than SNIP and GraSP. Compressions',
        slope('resnet20, fashion', 'synflow') >
          Math.max(...column(tabled('resnet20', /^(snip|grasp)$/), 'slope')),
      ],
      ...vgg('vgg16').map(
        (own): Claim => ['(3.0 to 3.1 in VGG-11, 4.9 in VGG-16)', ...range(vgg('vgg11')), own],
      ),
      [
        'both ResNets go with this one',
        resnets.every((one) =>
          ['synflow-l2', 'snip', 'grasp'].every((method) => slope(one, 'synflow') > slope(one, method)),
        ),
      ],
      ['Both keep as many weights', new Set(printed(/with (\d+) of \d+ weights/)).size === 1],
      ['does this for six methods', sweep.scales.laptop.grid['prune.method'].length === 6],
      [
        'no intervals overlap',
        Math.max(...column(family.flat(), 'high')) < Math.min(...column(others.flat(), 'low')),
      ],
      [
        "there SynFlow's slope is the largest",
        cell(tabled('resnet20', /^synflow$/), {}, 'slope') ===
          range(column(tabled('resnet20', /[a-z]/), 'slope'))[1],
      ],
      ['its trace is below those of SNIP and GraSP at compression 100', isBelow('resnet20, fashion')],
      ["at 1000 it is below GraSP's", resnet('synflow', 1000) < resnet('grasp', 1000)],
      ['and SNIP has no path left', resnet('snip', 1000) === -Infinity],
      ['7 to 12 of 12', ...range(runs.map(([left]) => left)), Math.max(...runs.map(([, of]) => of))],
      [
        'ten times the width is about five times the trace',
        Math.round(10 ** (trace(networks[2], 'synflow', 1) - trace(networks[0], 'synflow', 1))) === 5,
      ],
      ['come together at high compression', spread(1000) < 0.5 * spread(1)],
      [
        'starts five powers of ten above them',
        networks.every((one) => Math.round(resnet('synflow', 1) - trace(one, 'synflow', 1)) === 5),
      ],
      [
        'and falls more steeply',
        networks.every((one) => slope('resnet20, fashion', 'synflow') > slope(one, 'synflow')),
      ],
      [
        'up to twenty weights for their six',
        layersOfResnet.filter((layer) => !/shortcut/.test(`${layer}`)).length === 20 &&
          series('Compression 10')[0].x.length === 6,
      ],
      ['The dense trace grows with the depth', dense.every((log, i) => i === 0 || log > dense[i - 1])],
      [
        'less and less of it is left',
        pruned.every((left) =>
          left.every((log, i) => i === 0 || dense[i] - log > dense[i - 1] - left[i - 1]),
        ),
      ],
      ['no path left in any of the nine', withoutPath('snip') === 9 && onCifar.length === 9],
      ['GraSP in three of them has none', withoutPath('grasp') === 3],
      ['have paths in all', withoutPath('synflow') + withoutPath('synflow-l2') === 0],
      ['are level, to within 0.3 powers of ten', Math.max(...gaps)],
      [
        'SynFlow-L2 is 2.8 and 3.9 powers of ten above SynFlow',
        ...range(resnets.map((one) => trace(one, 'synflow-l2', 100) - trace(one, 'synflow', 100))),
      ],
      ["SynFlow's trace is below that of SNIP and GraSP there", resnets.every(isBelow)],
      [
        'SynFlow keeps the largest',
        ['fc-100', 'fc-500', 'fc-1000'].every((model) => best(model, 'Σ |v|')[0] === 'synflow') &&
          best('resnet20', 'Σ |v|')
            .slice(0, 2)
            .every((method) => /^synflow(-dist)?$/.test(`${method}`)),
      ],
      [
        'and SynFlow-L2 the largest',
        ['fc-100', 'fc-500', 'fc-1000'].every((model) => best(model, 'Σ v²')[0] === 'synflow-l2') &&
          best('resnet20', 'Σ v²')
            .slice(0, 2)
            .every((method) => /^synflow-l2/.test(`${method}`)),
      ],
      [
        'level with SynFlow-L2 or a little ahead',
        networks.every((one) => {
          const ahead = trace(one, 'synflow', 100) - trace(one, 'synflow-l2', 100);
          return ahead > 0 && ahead < 0.2;
        }),
      ],
      ['700 times the', 100 * Math.round(10 ** (fewer('Σ |v|') - 2))],
      ['less than a thousandth of its', Math.max(fewer('Σ v²'), fewer('Tr Π')) < -3],
      ['seven seeds', seed.length === 7],
      ...exponents.slice(1).map((exponent, i): Claim => ['steps of 0.5 in', exponent - exponents[i]]),
      ['3,822 runs', planSweep(sweep, 'paper').runs.length],
      ['by 0.9 to 1.7 powers of ten in the slope', ...range(leads)],
      ['is 1.9 to 3.1 powers of ten above all but its twin', ...range(aheadInResnet(100))],
      ['and 3.6 to 5.1 at', ...range(aheadInResnet(1000))],
      ['SynFlow is below SNIP and GraSP at 100', isBelow('resnet20, fashion')],
    ];
  },
  { '10,000 training images': 'the size of the subset of CIFAR-10' },
);

testClaims('solutions/03-trace-at-initialisation', ({ series, printed }) => {
  const [layers, fall] = printed(/10\^(\d+) expected, 10\^([\d.]+) measured/);
  const [once, magnitude, synflow] = ['synflow-l2, once', 'magnitude', 'synflow'].map(
    (name) => pick(series('Path-Kernel trace, FC-100'), { name })[0],
  );
  const loss = (curve: Series) => at(curve, 1) - at(curve, 10);
  const asked = storedNotebook('02-pruning-scores-as-path-norms').series(
    'Weights kept in the thinnest layer',
  );

  return [
    ['Six powers of ten for one of the density', Math.round(fall) === 6],
    ['SynFlow loses 1.7, four less', loss(synflow)],
    ['four less', Math.round(fall - loss(synflow)) === 4],
    ['$L$ is 6 in the example', layers],
    ['One draw lies near it', Math.abs(fall - layers) < 0.1],
    ['Magnitude loses 2.8 powers of ten there, and SynFlow 1.7', loss(magnitude), loss(synflow)],
    [
      '(SynFlow itself, asked once, leaves no path at compression 10.)',
      pick(asked, { name: 'synflow/one cut' })[1].x.includes(0.1),
    ],
    ['beats magnitude down to compression 10', once.y.slice(1).every((log, i) => log > magnitude.y[i + 1])],
    [
      'beyond, both have lost their last path',
      [once, magnitude].every(({ x }) => Number(x[x.length - 1]) === 0.1),
    ],
  ];
});

/** log₁₀ Tr Π; −∞ where no path is left. */
function at({ x, y }: Series, compression: number): number {
  const place = x.findIndex((density) => Math.round(1 / Number(density)) === compression);
  return place < 0 ? -Infinity : y[place];
}

function slopeOf({ name, x, y }: Series): number {
  const [{ slope }] = traceSlopes(
    x.map((density, i) => ({ method: name, density: Number(density), log: y[i] * Math.LN10 })),
  );
  return slope;
}
