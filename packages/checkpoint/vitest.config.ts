import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "checkpoint", setupFiles: ["../../tools/testing/setup.ts"], testTimeout: 60_000 },
});
