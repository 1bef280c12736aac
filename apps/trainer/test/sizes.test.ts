import { describe, expect, it } from "vitest";
import { resolveSettings } from "../src/config.js";
import { checkSizes } from "../src/sizes.js";
import { UsageError } from "../src/usage-error.js";

describe("checkSizes", () => {
  it("lets the defaults pass on a small machine", () => {
    expect(() => checkSizes(resolveSettings({}), 256 * 2 ** 20)).not.toThrow();
  });

  it("names what is larger than the machine", () => {
    const settings = resolveSettings({ memory_size: "1024", batch_size: "1" });
    expect(() => checkSizes(settings, 2 ** 27)).toThrow(
      new UsageError(
        "too large: the link matrices of 9 steps (batch_size * num_write_heads * memory_size^2 each) need 0.141 GiB; " +
          "expected at most the machine's 0.125 GiB",
      ),
    );
  });
});
