import { cell, column, pick, range, storedNotebook } from './storedNotebook';
import { testClaims } from './testClaims';

testClaims('01-paths-and-the-tangent-kernel', ({ rows, series, printed }) => {
  const all = rows('');
  const entries = series('J = ∂v/∂θ').flatMap(({ z }) => z.flat());
  const [difference] = printed(/largest difference: (\S+)/);
  const [entry] = printed(/largest entry: +(\S+)/);
  const outputs = pick(all, { 'network f(x)': /\d/ });
  const traces = column(pick(all, { way: /^(squares|one|sum)/ }), 'Tr Π');
  const [weights, hidden, zeros] = printed(/(\d+) weights, (\d+) hidden units, (\d+) eigenvalues that are 0/);
  const leading = pick(all, { 'from products': /\d/ });
  const norms = pick(all, { enumerated: /\d/ });
  const trained = storedNotebook('solutions/00-start-here').printed(/([\d.]+) % dense, ([\d.]+) % pruned/);

  return [
    ['$f = J_v v$:', `${column(outputs, 'network f(x)')}` === `${column(outputs, 'sum over paths')}`],
    ['Most entries are 0', entries.filter((one) => one === 0).length > 0.8 * entries.length],
    ['once from gradients of the network itself', difference < 1e-6 * entry],
    ['five of sixteen are zero', zeros === 5 && weights === 16],
    ['for each of the five hidden units', hidden === 5],
    [
      'is the number of weights less the number of hidden units',
      series('Spectrum of Π')[0].y.length === weights - hidden &&
        printed(/of at most (\d+)/)[0] === weights - hidden,
    ],
    [
      'finds the largest of them from products',
      `${column(leading, 'from products')}` === `${column(leading, 'from the matrix')}`,
    ],
    [
      'The trace of a product is at most the product of the norms',
      cell(all, { bound: /\d/ }, 'Tr Θ') < cell(all, { bound: /\d/ }, 'bound'),
    ],
    [
      'gives the norms that pruning methods use',
      `${column(norms, 'enumerated')}` === `${column(norms, 'one pass')}`,
    ],
    [
      'take out the same part of the weights each',
      new Set(column(pick(all, { 'weights kept': /\d/ }), 'weights kept')).size === 1,
    ],
    ['on ResNet-20 they do not (notebook 00, exercise 3)', Math.min(...trained) > 0],
    [
      'agree in all six digits shown',
      range(traces)[0] === range(traces)[1] && `${traces[0]}`.replace('.', '').length === 6,
    ],
  ];
});

testClaims('solutions/01-paths-and-the-tangent-kernel', () => []);
