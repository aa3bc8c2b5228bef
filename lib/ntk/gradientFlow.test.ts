import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '../testing';
import { gradientFlow } from '.';

const file = JSON.parse(
  readFileSync(join(__dirname, '..', 'reference', 'fixtures', 'linearised_mlp.json'), 'utf8'),
);
const near = (found: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  assert.equal(found.length, expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= tolerance * size, `${i}: ${found[i]}, not ${value}`);
  });
};

for (const variant of ['all_parameters', 'weights_only'])
  test(`flow and descent on the kernel of ${variant} are those of the reference`, () => {
    const {
      kernel_train_train: kernel,
      kernel_test_train,
      eigenvalues,
      gradient_flow,
      gradient_descent,
    } = file[variant];
    const flow = gradientFlow({
      kernel,
      outputs: file.f0_train,
      targets: file.labels,
      rate: file.eta,
      test: { kernel: kernel_test_train, outputs: file.f0_test },
    });
    near(flow.eigenvalues, eigenvalues, 1e-12);
    for (const { t, train, test: others, train_loss_half_sum_squares: loss } of gradient_flow) {
      const state = flow.at(t);
      near(state.train, train, 1e-11);
      near(state.test ?? [], others, 1e-9);
      // What is left late is the rounding of outputs that have arrived.
      assert.ok(Math.abs(state.loss - loss) <= 1e-9 * loss + 1e-15 * flow.at(0).loss, `${t}: ${state.loss}`);
    }
    for (const { steps, train, test: others } of gradient_descent) {
      const state = flow.after(steps);
      near(state.train, train, 1e-9);
      near(state.test ?? [], others, 1e-9);
    }
    assert.ok(Math.abs(flow.shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  });

test('a kernel without an inverse leaves what it cannot move, and small steps are the flow', () => {
  // Two images alike: what they share is learnt, what tells their labels apart is not.
  const flow = gradientFlow({
    kernel: [2, 2, 2, 2],
    outputs: [0, 0],
    targets: [3, 1],
    rate: 1e-4,
    test: { kernel: [1, 1], outputs: [5] },
  });
  near(flow.eigenvalues, [4, 0], 1e-15);
  near(flow.shares, [0.8, 0.2], 1e-12);
  const end = flow.at(1e7);
  near(end.train, [2, 2], 1e-12);
  near(end.test ?? [], [6], 1e-12);
  near([end.loss, end.movement], [1, Math.SQRT2], 1e-12); // θ moves by w = [½, ½]: √(wᵀ Θ w)
  const [steps, time] = [flow.after(3000), flow.at(3000)];
  near(steps.train, [...time.train], 1e-3);
  near([flow.at(0).loss, flow.after(0).movement], [5, 0], 1e-15);
  assert.equal(gradientFlow({ kernel: [4, 0, 0, 1], outputs: [0, 0], targets: [1, 1] }).after(1).train[0], 1);
  assert.equal(gradientFlow({ kernel: [0], outputs: [0], targets: [1] }).after(1).loss, 0.5);
  const wild = gradientFlow({ kernel: [3], outputs: [0], targets: [1], rate: 1 });
  near(wild.after(3).train, [9], 1e-12); // 1 − (1 − 3)³
});

test('what does not fit is refused by name', () => {
  const fine = { kernel: [1, 0, 0, 1], outputs: [0, 0], targets: [1, 2] };
  const refused: [object, RegExp][] = [
    [{ ...fine, kernel: [1, 0, 1] }, /invalid kernel; not 4 numbers: 3/],
    [{ ...fine, kernel: [1, 0, Number.NaN, 1] }, /invalid kernel; \[2\] not finite: NaN/],
    [{ ...fine, targets: [1] }, /invalid targets; not 2 numbers: 1/],
    [{ ...fine, outputs: [] }, /invalid outputs; none/],
    [{ ...fine, rate: 0 }, /invalid rate; not above 0: 0/],
    [{ ...fine, test: { kernel: [1, 2, 3], outputs: [1] } }, /invalid test.kernel; not 2 numbers: 3/],
  ];
  for (const [options, message] of refused)
    assert.throws(() => gradientFlow(options as typeof fine), message);
  assert.throws(() => gradientFlow(fine).at(-1), /invalid time; not 0 or above: -1/);
  assert.throws(() => gradientFlow(fine).after(0.5), /invalid steps/);
});
