import { createRequire } from "node:module";
import type * as TensorFlow from "@tensorflow/tfjs";

/**
 * TensorFlow.js with its gradients, the same instance that packages import.
 *
 * It is required, not imported: for an import Node first searches 6 MB of scripts for the names of their exports, which
 * would take 0.2 s of each start.
 */
export const tf: typeof TensorFlow = createRequire(import.meta.url)("@tensorflow/tfjs");
