import * as tf from "@tensorflow/tfjs";

/**
 * Tensors of given shapes as one vector, for work that is the same on each element: it needs as many kernels as for one.
 *
 * First lie side by side those that have the same shape up to the last axis, in one kernel a group: of the default network's
 * 24 variables only three groups are left to be reshaped.
 */
export class FlatTensors {
  readonly #shapes: readonly (readonly number[])[];
  /** Places in the list, a group each. */
  readonly #groups: readonly (readonly number[])[];

  /**
   * Plans the order within the vector.
   *
   * @param shapes - of the tensors, in their order.
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
   * Lays the tensors one after the other, those of a group side by side.
   *
   * @param tensors - of the shapes, in their order.
   * @returns `[elements of all]`, a new tensor.
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
   * The inverse of `join`.
   *
   * @param flat - `[elements of all]`, as `join` returns it.
   * @returns new tensors of the shapes, in their order.
   */
  part(flat: tf.Tensor1D): tf.Tensor[] {
    return tf.tidy(() => {
      const tensors: tf.Tensor[] = [];
      const shapes = this.#groups.map((group) => this.#groupShape(group));
      split(flat, shapes.map(tf.util.sizeFromShape)).forEach((vector, at) => {
        const joined = shapes[at].length === 1 ? vector : tf.reshape(vector, shapes[at]);
        const group = this.#groups[at];
        split(
          joined,
          group.map((index) => this.#shapes[index].at(-1) ?? 1),
        ).forEach((member, place) => {
          tensors[group[place]] = member;
        });
      });
      return tensors;
    });
  }

  /** Of a group's members side by side. */
  #groupShape(group: readonly number[]): number[] {
    const shapes = group.map((index) => this.#shapes[index]);
    if (shapes[0].length === 0) return [];
    return [...shapes[0].slice(0, -1), shapes.reduce((width, shape) => width + (shape.at(-1) as number), 0)];
  }
}

/** Parts along the last axis; as it is where there is but one. */
function split(tensor: tf.Tensor, widths: number[]): tf.Tensor[] {
  return widths.length === 1 ? [tensor] : tf.split(tensor, widths, tensor.rank - 1);
}
