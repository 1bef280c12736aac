import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { encodeSafetensors, UnreadableCheckpointError } from "../../src/index.js";
import { findCheckpoint, saveCheckpoint } from "../../src/node/index.js";
import { sealed, tensor } from "../files.js";
import { damagedFile, hostileModel, hostileState } from "../mutations.js";
import { seeded } from "../random.js";

it("300 changed checkpoints on a disk: the previous one is found, unless a hash is right, and a message gives the reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dnc-mutated-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [model, optimizer] = [[tensor("a", [2, 3])], [tensor("ms/a", [2, 3])]];
  for (const step of [50, 100]) await saveCheckpoint(folder, { model, optimizer, state: { step } });
  const files = await sealed(encodeSafetensors(model), encodeSafetensors(optimizer));
  const random = seeded(7);
  for (let index = 0; index < 300; index++) {
    const mutate = random.pick([hostileModel, hostileState, damagedFile]);
    const mutation = await mutate(random, files);
    for (const [name, bytes] of Object.entries(mutation.files))
      writeFileSync(join(folder, "step-00000100", name), bytes);
    const faults: string[] = [];
    const onDamaged = ({ message }: Error) => faults.push(message);
    const found = await findCheckpoint(folder, "latest", { onDamaged }).catch((reason) => reason);
    if (found instanceof UnreadableCheckpointError) faults.push(found.message);
    else expect(found?.name, mutation.kind).toBe("step-00000050");
    if (mutate === hostileModel) expect(found, mutation.kind).toBeInstanceOf(UnreadableCheckpointError);
    expect(faults, mutation.kind).toHaveLength(1);
    expect(faults[0]).toMatch(/^step-00000100: (state\.json|model\.safetensors|optimizer\.safetensors): [^\n]{10,}$/);
  }
});
