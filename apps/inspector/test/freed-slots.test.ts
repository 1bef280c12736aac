/** What the free gates release, against usage as the trace has it. */
import { loadNetwork } from "@dnc/checkpoint/network";
import { readPretrained } from "@dnc/pretrained/node";
import { repeatCopy } from "@dnc/tasks";
import "@tensorflow/tfjs-backend-cpu";
import { expect, it } from "vitest";
import { freedSlots } from "../src/page/trace/freed-slots.js";
import { SequenceTrace } from "../src/page/trace/trace.js";
import { traceView } from "../src/page/worker/trace-view.js";

it("is what usage loses: u_t = (u_{t-1} + w_{t-1} - u_{t-1} w_{t-1}) (1 - freed)", async () => {
  const network = await loadNetwork(await readPretrained("repeat-copy-small"));
  const task = repeatCopy({ numBits: 4, minLength: 4, maxLength: 4, minRepeats: 3, maxRepeats: 3 });
  const { trace: traced } = await traceView(network, task, 3);
  network.dispose();
  const trace = new SequenceTrace(traced);
  let most = 0;
  for (let step = 1; step < trace.timeSteps; step++) {
    const [before, now] = [trace.at("usage", step - 1), trace.at("usage", step)];
    const written = trace.at("writeWeights", step - 1, 0);
    freedSlots(trace, step).forEach((share, slot) => {
      const [u, w] = [before[slot] as number, written[slot] as number];
      expect(now[slot]).toBeCloseTo((u + w - u * w) * (1 - share), 5);
      most = Math.max(most, share);
    });
  }
  expect(most).toBeGreaterThan(0.8);
  expect(Array.from(freedSlots(trace, 0))).toEqual(Array.from({ length: trace.slots }, () => 0));
});
