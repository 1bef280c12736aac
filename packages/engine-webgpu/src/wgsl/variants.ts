import type { Dims } from "../sizes.js";
import { LOG, literal } from "./functions.js";
import type { Binding } from "./shader.js";

/** Functions in WGSL that only variants of the memory need. */
export function variantFunctions({ masking, maskMinimum, sharpness }: Dims): string {
  const rest = literal(1 - maskMinimum);
  const factor = maskMinimum > 0 ? `${literal(maskMinimum)} + ${rest} * mask` : "mask";
  const masks = `
fn maskSquare(mask: f32) -> f32 { let m = ${factor}; return m * m; }
fn maskGradient(mask: f32, dSquare: f32) -> f32 { return 2f * (${factor}) * dSquare * ${rest} * mask * (1f - mask); }
`;
  return (masking ? masks : "") + (sharpness ? LOG : "");
}

/** Code of a product with the square of a head's mask at place `index` of the interface; empty without masking. */
export function maskFactor({ masking }: Dims, mask: string): string {
  return masking ? ` * maskSquare(${mask})` : "";
}

/** Leaves out the buffers that a network does not use. */
export function usedBindings({ links, N }: Dims, bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(({ name }) => (name !== "links" || links) && (name !== "memories" || N > 0));
}
