/** A thread that runs networks: it opens, asks, traces and trains them while the page stays responsive. */
import * as Comlink from "comlink";
import { TrainingBench } from "../training/training-bench.js";
import { NetworkBench } from "./network-bench.js";

// One file for both, as most of the code is the same.
Comlink.expose(self.name === "training" ? new TrainingBench() : new NetworkBench());
