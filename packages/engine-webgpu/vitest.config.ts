import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "engine-webgpu", setupFiles: ["../../tools/testing/setup.ts"], testTimeout: 120_000 },
});
