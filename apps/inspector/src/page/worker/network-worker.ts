/** The thread that runs networks: it opens, asks and traces them while the page stays responsive. */
import * as Comlink from "comlink";
import { NetworkBench } from "./network-bench.js";

Comlink.expose(new NetworkBench());
