import { defineProject } from "vitest/config";
import { versions } from "./versions.js";

export default defineProject({
  plugins: [versions()],
  test: {
    name: "inspector",
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
