import { type Dnc, type DncTrace, type LstmNetwork, type TraceQuantity, unroll } from "@dnc/core";
import { type NamedImage, type TraceData, traceHeatmaps } from "@dnc/report";
import type { Batch } from "@dnc/tasks";
import { toTensors } from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";

/** Approximate width of an image in pixels, and the largest width of a cell. */
const IMAGE_PIXELS = 512;
const MAX_CELL_PIXELS = 8;

/** Quantities that images show, beside the read modes, which need links. */
const DRAWN = [
  ...(["memory", "usage", "allocationWeights", "writeContentWeights", "writeWeights", "readWeights"] as const),
  ...(["writeGate", "allocationGate", "freeGate"] as const),
] satisfies readonly TraceQuantity[];

/** Most numbers of memory in a trace to draw: they take 128 MiB, and as much again while it is made. */
const MAX_NUMBERS = 2 ** 25;

/**
 * Draws the state of the memory over a sequence, that of `predictSample`; returns no images if there is no memory, or the trace is
 * too large.
 */
export async function drawSample(network: Dnc | LstmNetwork, batch: Batch): Promise<NamedImage[]> {
  if (network.config.memory === false) return [];
  const { timeSteps } = batch;
  const { memorySize, wordSize } = network.config;
  if (timeSteps * memorySize * wordSize > MAX_NUMBERS) return [];
  const widest = Math.max(timeSteps, memorySize, wordSize);
  const cell = Math.max(1, Math.min(MAX_CELL_PIXELS, Math.floor(IMAGE_PIXELS / widest)));
  const { trace } = tf.tidy(() => {
    const drawn = network as Dnc;
    const quantities = drawn.config.memory.links ? [...DRAWN, "readMode" as const] : DRAWN;
    return { trace: unroll(drawn, toTensors(batch).inputs, undefined, { trace: quantities }).trace };
  });
  const data = await readTrace(trace);
  tf.dispose(trace);
  return traceHeatmaps(data, { cell });
}

/** Reads a trace without a copy: as an array of numbers, as `serializeTrace` returns it, a large one takes several times as much. */
async function readTrace(trace: Partial<DncTrace>): Promise<TraceData> {
  const quantities: Record<string, { shape: number[]; data: ArrayLike<number> }> = {};
  for (const [name, tensor] of Object.entries(trace))
    if (tensor) quantities[name] = { shape: tensor.shape, data: await tensor.data() };
  return { quantities };
}
