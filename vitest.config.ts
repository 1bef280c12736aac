import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The slowest test files, the slowest first. Vitest knows durations only after a first run. */
const LONGEST = [
  "tools/repository/killed",
  "tools/repository/example-programs",
  "apps/trainer/test/doctor",
  "packages/engine-webgpu/test/training",
  "packages/engine-webgpu/test/unroll",
  "apps/trainer/test/backends",
  "apps/trainer/test/end-to-end",
  "apps/trainer/test/commands/end-to-end",
  "tools/repository/pack",
  "tools/repository/conformance",
  "packages/checkpoint/test/node/failures",
  "tools/parity",
];

/** Starts the slowest files first, so that no CPU core is idle at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((path) => moduleId.includes(`/${path}`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tools/docs", "tools/parity", "tools/repository"],
    sequence: { sequencer: LongestFirst },
    // By default Vitest reserves one CPU core for itself, half of two cores; it does little while tests run.
    maxWorkers: availableParallelism(),
    // The projects' timeouts are for hanging tests, not for slow ones: the machine may be busy.
  },
});
