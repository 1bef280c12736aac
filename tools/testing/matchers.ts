/** The one custom matcher of the tests: element-wise closeness of tensors and nested numbers. */
import type * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

type Numbers = number | readonly Numbers[] | ArrayLike<number>;

/** Tolerances: `|a - b| <= absolute` or `|a - b| <= relative * |b|`. */
interface Closeness {
  absolute?: number;
  relative?: number;
}

expect.extend({
  toBeAllClose(received: tf.Tensor | Numbers, expected: tf.Tensor | Numbers, closeness: Closeness = {}) {
    const { absolute = 1e-6, relative = 1e-5 } = closeness;
    const [a, b] = [flatten(received), flatten(expected)];
    const shapes = [shapeOf(received), shapeOf(expected)];
    const sameShape = !shapes[0] || !shapes[1] || String(shapes[0]) === String(shapes[1]);
    let worst = -1;
    let farthest = -1;
    for (let i = 0; i < a.length && a.length === b.length; i++) {
      const distance = Math.abs(a[i] - b[i]);
      const excess = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
      const close = a[i] === b[i] || excess <= absolute || excess <= relative * Math.abs(b[i]);
      if (!close && excess > farthest) [worst, farthest] = [i, excess];
    }
    return {
      pass: sameShape && a.length === b.length && worst < 0,
      message: () => {
        if (!sameShape || a.length !== b.length)
          return `expected shape [${shapes[1] ?? b.length}], got [${shapes[0] ?? a.length}]`;
        if (worst < 0) return "expected a value to differ, but all are close";
        return `element ${worst}: expected ${b[worst]}, got ${a[worst]} (apart by ${farthest})`;
      },
    };
  },
});

function isTensor(value: tf.Tensor | Numbers): value is tf.Tensor {
  return typeof value === "object" && "dataSync" in value;
}

function shapeOf(value: tf.Tensor | Numbers): readonly number[] | undefined {
  return isTensor(value) ? value.shape : undefined;
}

function flatten(value: tf.Tensor | Numbers): number[] {
  if (typeof value === "number") return [value];
  if (isTensor(value)) return Array.from(value.dataSync());
  return Array.from(value as ArrayLike<Numbers>).flatMap(flatten);
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares the parameter so
  interface Matchers<T = any> {
    toBeAllClose(expected: tf.Tensor | Numbers, closeness?: Closeness): T;
  }
}
