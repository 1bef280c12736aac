/** Generates fields.h from the kernel's source: the plan's fields, and the order of its arrays in memory. */

/**
 * Returns the text of fields.h.
 *
 * @param {string} plan - plan.h.
 * @param {string} layout - layout.c.
 */
export function fieldsHeader(plan, layout) {
  const fields = fieldsOf(plan);
  const names = fields.map(({ name }) => name);
  const order = [...layout.matchAll(/^\s*TAKE\((\w+),/gm)].map(([, name]) => names.indexOf(name));
  if (order.length === 0 || order.includes(-1))
    throw new Error("layout.c: expected TAKE(field, size) for fields of plan.h");
  const rows = fields.map(({ name, kind, isInput }) => `  {"${name}", offsetof(Plan, ${name}), ${kind}, ${isInput}},`);
  return `#define FIELD_TABLE \\\n${rows.join(" \\\n")}\n#define LAYOUT_ORDER ${order.join(", ")}\n`;
}

/** Lists the fields of `Plan` that are not arrays within it. */
function fieldsOf(plan) {
  const body = plan.slice(plan.indexOf("typedef struct {"), plan.indexOf("} Plan;"));
  const derived = body.indexOf("// ---- derived");
  if (derived < 0) throw new Error("plan.h: expected the host's fields before those that are derived");
  const fields = [];
  let at = 0;
  for (const line of body.split("\n")) {
    const isInput = at < derived ? 1 : 0;
    at += line.length + 1;
    for (const [, type, declarators] of line.replace(/\/\/.*$/, "").matchAll(/(int|float)\s+([^;]+);/g))
      for (const declarator of declarators.split(",")) {
        const [, pointer, name, size] = declarator.trim().match(/^(\*?)(\w+)(\[\w+\])?$/);
        const kind = `${type === "int" ? "INT" : "FLOAT"}_${pointer ? "ARRAY" : "FIELD"}`;
        if (!size) fields.push({ name, kind, isInput });
      }
  }
  return fields;
}
