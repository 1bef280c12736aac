/** Tests the audit with registries of every behaviour. */
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";

const tar = { module_name: "tar", title: "Something", severity: "high", findings: [], cves: ["CVE-2026-26960"] };
const known = { ...tar, github_advisory_id: "GHSA-0000-0000-0000" };
const unknown = { ...tar, cves: [], github_advisory_id: "GHSA-1111-1111-1111" };

it.each([
  ["passes what is explained", 200, [known], 0, "1 advisories, 0 of them unexplained"],
  ["fails for what is not", 200, [known, unknown], 1, "tar: Something (high, GHSA-1111-1111-1111)"],
  ["passes without a finding", 200, [], 0, "0 advisories"],
  ["fails for what is explained of another package", 200, [{ ...known, module_name: "commander" }], 1, "commander: "],
  [
    "fails for the beginning of what is explained",
    200,
    [{ ...tar, cves: ["CVE-2026-2374"] }],
    1,
    "1 of them unexplained",
  ],
  ["says where a registry gives none", 405, [], 0, "nothing was checked"],
  ["fails where a registry has a fault", 500, [], 1, "unexpected response of the registry"],
  ["fails where a registry lets nobody ask", 403, [], 1, "unexpected response of the registry"],
])("%s", async (_, status, advisories, expected, line) => {
  const { output, status: ended } = await auditWith(status, advisories);
  expect(output).toContain(line);
  expect(ended).toBe(expected);
});

it("fails if no registry responds", async () => {
  expect((await audit("http://127.0.0.1:9/")).status).toBe(1);
});

async function auditWith(status, advisories) {
  const severities = { info: 0, low: 0, moderate: 0, high: advisories.length, critical: 0 };
  const body = {
    actions: [],
    advisories: Object.fromEntries(advisories.map((advisory, index) => [index, { id: index, ...advisory }])),
    muted: [],
    metadata: { vulnerabilities: severities, dependencies: 1, devDependencies: 0, optionalDependencies: 0 },
  };
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.close());
  return audit(`http://127.0.0.1:${server.address().port}/`);
}

function audit(registry) {
  const env = { ...process.env, npm_config_registry: registry, npm_config_fetch_retries: "0" };
  return run([process.execPath, join(root, "tools/audit.mjs")], { cwd: root, env });
}
