/**
 * Formats the line for a case: name; compared quantities; largest differences; notes; ok or FAIL with the reasons.
 *
 * The relative difference is relative to the largest magnitude in its tensor.
 *
 * @param {import("./run-case.mjs").CaseResult} result
 * @returns {string} one line.
 */
export function reportLine({ name, compared, findings, notes, failures }) {
  const parts = [name];
  for (const [section, names] of Object.entries(compared))
    if (names.length > 0) parts.push(`${section} ${grouped(names).join(", ")}`);
  if (findings.length > 0) {
    const used = Math.max(...findings.map((finding) => finding.used));
    parts.push(largest("absolute", findings), largest("relative", findings), `${percent(used)} of tolerance`);
  }
  parts.push(...notes, verdict(failures));
  return parts.join("; ").replaceAll("\n", " ");
}

function verdict(failures) {
  if (failures.length === 0) return "ok";
  const reasons = failures.slice(0, 3).join(" | ");
  return `FAIL: ${reasons}${failures.length > 3 ? ` | and ${failures.length - 3} more` : ""}`;
}

/** Abbreviates names below one folder as `folder/* (count)`. */
function grouped(names) {
  const folders = new Map();
  for (const name of names) folders.set(folderOf(name), [...(folders.get(folderOf(name)) ?? []), name]);
  return [...folders].map(([folder, inside]) =>
    inside.length > 1 && folder !== "" ? `${folder}/* (${inside.length})` : inside.join(", "),
  );
}

/** Returns the folder of a name: `final` for `final/dnc/lstm/w_gates`, the empty string for `memory`. */
function folderOf(name) {
  return name.includes("/") ? name.split("/")[0] : "";
}

function largest(property, findings) {
  const most = findings.reduce((a, b) => (b[property].difference > a[property].difference ? b : a));
  const { difference, where } = most[property];
  return difference === 0 ? `${property} 0` : `${property} ${difference.toExponential(1)} at ${where}`;
}

function percent(share) {
  if (share > 1) return "more than 100%";
  return share > 0 && share < 0.01 ? "<1%" : `${Math.ceil(share * 100)}%`;
}
