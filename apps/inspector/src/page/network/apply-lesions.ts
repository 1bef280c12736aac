import type { Dnc } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { type Lesions, lesionedWeights } from "./lesion.js";

/**
 * Applies lesions to a network, which is changed.
 *
 * @throws RangeError if there is no such read head.
 */
export async function applyLesions({ config, variables }: Dnc, lesions: Lesions): Promise<void> {
  for (const { name, variable } of variables) {
    const values = await variable.data<"float32">();
    const changed = lesionedWeights(config, lesions, { name, shape: variable.shape, values });
    if (changed === values) continue;
    const tensor = tf.tensor(changed, variable.shape, "float32");
    variable.assign(tensor);
    tensor.dispose();
  }
}
