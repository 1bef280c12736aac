/** Set-up shared by all release tests: a copy of the clone, and an empty registry on 127.0.0.1. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyClone } from "../copy.mjs";
import { startRegistry } from "../local-registry.mjs";
import { giveAddress } from "./address.mjs";
import { fillCache, leaveOldBinaries } from "./binaries.mjs";
import { removeChangesets } from "./changesets.mjs";

/** Creates two accounts, of which only the maintainer may publish `@dnc/core`. */
export default async function setup({ provide }) {
  const place = mkdtempSync(join(tmpdir(), "dnc-world-"));
  const clone = join(place, "clone");
  copyClone(clone);
  removeChangesets(clone);
  giveAddress(clone); // and commits
  const kernels = join(place, "kernels");
  const standIns = fillCache(kernels);
  if (standIns.length > 0) console.log(`Binaries without code are published for ${standIns.join(", ")}.`);
  leaveOldBinaries(clone);
  const registry = await startRegistry(join(place, "registry"), { only: ["@dnc/core"] });
  const [maintainer, newcomer] = [await registry.userconfig("maintainer"), await registry.userconfig("newcomer")];
  provide("world", { place, clone, kernels, url: registry.url, maintainer, newcomer });
  return async () => {
    await registry.stop();
    rmSync(place, { recursive: true, force: true });
  };
}
