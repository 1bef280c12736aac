export { allocationWeights, writeAllocationWeights } from "./allocation.js";
export { contentWeights, type StrengthOptions, weightedSoftmax } from "./content.js";
export { firstOrder, secondOrderError } from "./first-order.js";
export { toFloat32 } from "./float32.js";
export { backwardReadWeights, forwardReadWeights, type LinkageState, updateLinkage } from "./linkage.js";
export { batchGather, invertPermutation } from "./permutation.js";
export { reduceProduct } from "./product.js";
export { assertShape } from "./shape.js";
export { updateUsage } from "./usage.js";
