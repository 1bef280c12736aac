import * as tf from "@tensorflow/tfjs-core";

/**
 * Concatenates tensors of given shapes to one vector, so that elementwise work needs as few kernels as for one tensor.
 *
 * Tensors whose shapes differ only in the last axis are concatenated first, with one kernel per group: the default
 * network's 24 variables form three groups.
 */
export class FlatTensors {
  readonly #shapes: readonly (readonly number[])[];
  /** Indices in the list, one array per group. */
  readonly #groups: readonly (readonly number[])[];

  /**
   * Plans the order within the vector.
   *
   * @param shapes - Shapes of the tensors, in their order.
   */
  constructor(shapes: readonly (readonly number[])[]) {
    this.#shapes = shapes;
    const groups = new Map<string, number[]>();
    shapes.forEach((shape, index) => {
      const key = shape.length === 0 ? `scalar ${index}` : `${shape.length}: ${shape.slice(0, -1)}`;
      groups.set(key, [...(groups.get(key) ?? []), index]);
    });
    this.#groups = [...groups.values()];
  }

  /**
   * Concatenates the tensors, group by group.
   *
   * @param tensors - Tensors of these shapes, in their order.
   * @returns `[total number of elements]`, a new tensor.
   */
  join(tensors: readonly tf.Tensor[]): tf.Tensor1D {
    return tf.tidy(() => {
      const groups = this.#groups.map((group) => {
        const members = group.map((index) => tensors[index]);
        const joined = members.length === 1 ? members[0] : tf.concat(members, members[0].rank - 1);
        return joined.rank === 1 ? joined : tf.reshape(joined, [joined.size]);
      });
      return tf.concat(groups) as tf.Tensor1D;
    });
  }

  /**
   * Splits a vector into tensors of the shapes: the inverse of `join`.
   *
   * @param flat - `[total number of elements]`, as `join` returns it.
   * @returns New tensors of these shapes, in their order.
   */
  split(flat: tf.Tensor1D): tf.Tensor[] {
    return tf.tidy(() => {
      const tensors: tf.Tensor[] = [];
      const shapes = this.#groups.map((group) => this.#groupShape(group));
      splitColumns(flat, shapes.map(tf.util.sizeFromShape)).forEach((vector, at) => {
        const joined = shapes[at].length === 1 ? vector : tf.reshape(vector, shapes[at]);
        const group = this.#groups[at];
        splitColumns(
          joined,
          group.map((index) => this.#shapes[index].at(-1) ?? 1),
        ).forEach((member, place) => {
          tensors[group[place]] = member;
        });
      });
      return tensors;
    });
  }

  /** The shape of a group's members, concatenated. */
  #groupShape(group: readonly number[]): number[] {
    const shapes = group.map((index) => this.#shapes[index]);
    if (shapes[0].length === 0) return [];
    return [...shapes[0].slice(0, -1), shapes.reduce((width, shape) => width + (shape.at(-1) as number), 0)];
  }
}

/** Splits along the last axis; returns the tensor itself if there is only one part. */
function splitColumns(tensor: tf.Tensor, widths: number[]): tf.Tensor[] {
  return widths.length === 1 ? [tensor] : tf.split(tensor, widths, tensor.rank - 1);
}
