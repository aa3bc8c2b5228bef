import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelDistance, kernelRotation } from './compareKernels';
import { labelTargets } from './labelTargets';

const kernel = (values: readonly number[], shape: readonly number[]) => ({
  values: Float64Array.from(values),
  shape,
  axes: ['x', 'y'],
});
/** With eigenvalues 3 and 1, its first eigenvector turned by an angle. */
const turned = (angle: number, scale = 1) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return kernel(
    [3 * c * c + s * s, 2 * c * s, 2 * c * s, 3 * s * s + c * c].map((value) => scale * value),
    [2, 2],
  );
};

test('a multiple of a kernel has no distance from it, and a turned one that of its angle', () => {
  const own = kernelDistance(turned(0.4), turned(0.4, 5));
  assert.ok(Math.abs(own.distance) < 1e-15 && Math.abs(own.relative - 4) < 1e-14);
  // ⟨A, B⟩ = Σ λ_i λ_j cos² between the eigenvectors.
  const expected = 1 - (10 * Math.cos(0.3) ** 2 + 6 * Math.sin(0.3) ** 2) / 10;
  assert.ok(Math.abs(kernelDistance(turned(0.2), turned(0.5)).distance - expected) < 1e-14);
});

test('the leading eigenvector turns by the angle, and all of them together by none', () => {
  const { overlap, angles } = kernelRotation(turned(0.2), turned(0.5));
  assert.ok(Math.abs(angles[0] - 0.3) < 1e-12 && Math.abs(overlap - Math.cos(0.3) ** 2) < 1e-12);
  const both = kernelRotation(turned(0.2), turned(0.5), { k: 2 });
  assert.ok(Math.abs(both.overlap - 1) < 1e-12 && both.angles.every((angle) => angle < 1e-6));
});

test('kernels that do not go together are refused', () => {
  const other = kernel([1, 2, 3, 4, 5, 6], [2, 3]);
  assert.throws(
    () => kernelDistance(turned(0), other),
    /invalid kernel; not of one shape, the first \[2, 2\] .*: \[2, 3\]/,
  );
  assert.throws(() => kernelDistance(turned(0), turned(0, 0)), /invalid kernel; zeros only/);
  assert.throws(() => kernelRotation(other, other), /invalid kernel; not of some images with themselves/);
  assert.throws(
    () => kernelRotation(turned(0), turned(1), { k: 3 }),
    /invalid k; not a whole number from 1 to 2: 3/,
  );
});

test('targets are 1 for the class of an image, and less their mean where centred', () => {
  assert.deepEqual([...labelTargets([2, 0], 3)], [0, 0, 1, 1, 0, 0]);
  const centred = labelTargets([1], 4, { centred: true });
  assert.deepEqual([...centred], [-0.25, 0.75, -0.25, -0.25]);
  assert.throws(() => labelTargets([3], 3), /invalid labels; not 0 to 2: 3/);
});
