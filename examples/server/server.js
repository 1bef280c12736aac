/** Serves a trained network on 127.0.0.1: node server.js RUN [PORT] */
import { loadNetwork } from "@dnc/checkpoint/node/network";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import "@tensorflow/tfjs";
import { createNetworkServer } from "./http-server.js";

const [run, port = "8080"] = process.argv.slice(2);
if (run === undefined) {
  console.error("Usage: node server.js RUN [PORT], where RUN is a folder that dnc train wrote");
  process.exit(2);
}
const network = await loadNetwork(run);
const server = createNetworkServer(network);
server.listen(Number(port), "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}/sessions`);
});
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    server.close(() => network.dispose());
    server.closeAllConnections();
  });
