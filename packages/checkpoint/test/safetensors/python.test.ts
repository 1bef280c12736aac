import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, toFloat32 } from "../../src/index.js";
import { defaultNetwork } from "../files.js";

const PYTHON = process.env.DNC_PYTHON ?? "python3";

/** Runs a script and returns what it prints. */
function python(script: string, ...args: string[]): string {
  return execFileSync(PYTHON, ["-c", script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const hasSafetensors = (() => {
  try {
    python("import safetensors, numpy");
    return true;
  } catch {
    return false;
  }
})();

const READ = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as file:
    names = list(file.keys())
    tensors = {name: file.get_tensor(name) for name in names}
    print(json.dumps({"metadata": file.metadata(), "tensors": {
        name: [str(value.dtype), list(value.shape), value.reshape(-1).astype("float64").tolist()]
        for name, value in tensors.items()}}))
`;

/** NumPy has no bfloat16: those bits are written as U16, and the header is corrected. */
const WRITE = `
import json, struct, sys
import numpy as np
from safetensors.numpy import save
numbers = [1.0, -2.5, 0.0, 65504.0, 5.960464477539063e-08, float("inf")]
bits = np.array(numbers, dtype="<f4").view("<u4") >> 16
file = save({
    "half": np.array(numbers, dtype="<f2").reshape(2, 3),
    "brain": bits.astype("<u2"),
    "single": np.array(numbers, dtype="<f4"),
    "double": np.array(numbers, dtype="<f8"),
    "integer": np.array([[1, -2]], dtype="<i8"),
    "flag": np.array(True),
    "nothing": np.zeros((0, 3), dtype="<f4"),
}, {"by": "python"})
length = struct.unpack("<Q", file[:8])[0]
header = file[8:8 + length].replace(b'"U16"', b'"BF16"')
open(sys.argv[1], "wb").write(struct.pack("<Q", len(header)) + header + file[8 + length:])
`;

describe.skipIf(!hasSafetensors)(
  "Python's safetensors (needs Python with safetensors and numpy; pip install safetensors numpy, and DNC_PYTHON names that Python)",
  () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "dnc-python-"));
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("reads a network's names, shapes and values", () => {
      const network = defaultNetwork();
      expect(network.reduce((sum, { values }) => sum + values.length, 0)).toBe(43_980);
      const path = join(folder, "ours.safetensors");
      writeFileSync(path, encodeSafetensors(network, { metadata: { by: "us" } }));
      const read = JSON.parse(python(READ, path));
      expect(read.metadata).toEqual({ by: "us" });
      const expected = network.map(({ name, shape, values }) => [name, ["float32", shape, [...values]]]);
      expect(read.tensors).toEqual(Object.fromEntries(expected));
    });

    it("writes files that are read here, of many dtypes", () => {
      const path = join(folder, "theirs.safetensors");
      python(WRITE, path);
      const { tensors, metadata } = decodeSafetensors(readFileSync(path));
      expect([...metadata]).toEqual([["by", "python"]]);
      const numbers = Float32Array.of(1, -2.5, 0, 65504, 2 ** -24, Number.POSITIVE_INFINITY);
      const floats = (name: string) => toFloat32(tensors.get(name) as never);
      for (const name of ["half", "single", "double"]) expect(floats(name), name).toEqual(numbers);
      expect(floats("brain")).toEqual(Float32Array.of(1, -2.5, 0, 65280, 2 ** -24, Number.POSITIVE_INFINITY));
      expect(tensors.get("half")).toMatchObject({ dtype: "F16", shape: [2, 3] });
      expect(tensors.get("integer")).toMatchObject({ dtype: "I64", shape: [1, 2] });
      expect(tensors.get("flag")?.bytes[0]).toBe(1);
      expect(floats("nothing")).toEqual(new Float32Array(0));
    });
  },
);
