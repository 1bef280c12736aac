import { SIGNIFICANT_WEIGHT } from "./slot-history.js";
import type { SequenceTrace } from "./trace.js";

/** Orders slots by their first write, as the report does; slots that were not written follow by index. */
export function slotOrder(trace: SequenceTrace): readonly number[] {
  const first = Array.from({ length: trace.slots }, () => ({ step: trace.timeSteps, weight: 0 }));
  for (let step = 0; step < trace.timeSteps; step++)
    for (let head = 0; head < trace.writeHeads; head++) {
      const weights = trace.at("writeWeights", step, head);
      first.forEach((found, slot) => {
        const weight = weights[slot] as number;
        if (found.step < step || weight < SIGNIFICANT_WEIGHT || weight <= found.weight) return;
        first[slot] = { step, weight };
      });
    }
  return Array.from(first.keys()).sort((a, b) => {
    const [one, other] = [first[a], first[b]] as [{ step: number; weight: number }, { step: number; weight: number }];
    return one.step - other.step || other.weight - one.weight || a - b;
  });
}
