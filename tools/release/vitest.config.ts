import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** One file after the other, by name: each goes on where the last one left the registry. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  test: {
    name: "release",
    root: import.meta.dirname,
    include: ["test/*.test.mjs"],
    globalSetup: "./test/world.mjs",
    sequence: { sequencer: InOrder },
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
