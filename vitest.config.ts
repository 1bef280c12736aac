import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The slowest test files, the slowest first. Vitest knows durations only after a first run. Files of a project that shares
 * its processes stay together: a process ends if the next file is another project's.
 */
const LONGEST = [
  "tools/repository/killed",
  "tools/repository/example-programs",
  "tools/repository/pack",
  "tools/repository/conformance",
  "apps/trainer/test/task/task-file",
  "apps/trainer/test/backends",
  "apps/trainer/test/doctor",
  "apps/trainer/test/end-to-end",
  "apps/trainer/",
  "apps/inspector/test/e2e/",
  "apps/inspector/",
  "packages/engine-webgpu/test/unroll",
  "packages/engine-webgpu/test/training-on-cpu",
  "packages/engine-webgpu/",
  "packages/checkpoint/test/node/failures",
  "packages/checkpoint/",
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
