import type { SequenceTrace } from "./trace.js";

/**
 * How much of each slot the free gates release at a time step, of what the read heads read one step before:
 *
 *     1 - ψ_t, ψ_t = Π_i (1 - f_t^i w_{t-1}^{r,i})
 *
 * Source: Graves et al. 2016, Methods, "Dynamic memory allocation".
 *
 * @returns `[slots]`, each in [0, 1]; 0 at the first step.
 */
export function freedSlots(trace: SequenceTrace, step: number): Float32Array {
  const freed = new Float32Array(trace.slots);
  if (step === 0) return freed;
  const gates = trace.at("freeGate", step);
  for (let slot = 0; slot < trace.slots; slot++) {
    let kept = 1;
    for (let head = 0; head < trace.readHeads; head++)
      kept *= 1 - (gates[head] ?? 0) * (trace.at("readWeights", step - 1, head)[slot] ?? 0);
    freed[slot] = 1 - kept;
  }
  return freed;
}
