import type { Flag } from "../flag.js";
import { FLAGS, NOT_RECORDED, type Settings } from "../flags.js";
import { type Html, html } from "./html.js";

/** The flags that a run's configuration answers to, with their values. */
function configured(settings: Settings): readonly { readonly flag: Flag; readonly value: unknown }[] {
  return FLAGS.filter((flag) => !NOT_RECORDED.includes(flag.name))
    .filter((flag) => !("onlyFor" in flag) || flag.onlyFor === settings.task)
    .map((flag) => ({ flag, value: settings[flag.name] }))
    .filter(({ value }) => value !== undefined);
}

/** The configuration as a table; what differs from the default stands out. */
export function configTable(settings: Settings): Html {
  const rows = configured(settings).map(({ flag, value }) => {
    const own = value === flag.default ? "" : " own";
    return html`<tr><th scope="row"><code>${flag.name}</code></th><td class="number${own}">${String(value)}</td><td class="help">${flag.help}</td></tr>
`;
  });
  return html`<div class="scroll"><table class="list config">
<thead><tr><th scope="col">Flag</th><th scope="col" class="number">Value</th><th scope="col" class="help">Meaning</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** The shortest command line that trains such a run. */
export function trainCommand(settings: Settings): string {
  const flags = configured(settings)
    .filter(({ flag, value }) => value !== flag.default && flag.name !== "backend")
    .map(({ flag, value }) => `--${flag.name}=${value}`);
  return ["dnc train", ...flags, `--backend=${settings.backend}`].join(" ");
}
