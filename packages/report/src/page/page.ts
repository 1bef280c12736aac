import { type Content, commandCode, Html, html, time } from "../html.js";
import type { GeneratedFacts } from "../run-report.js";
import { COMPARISON_STYLE } from "./comparison-style.js";
import { SCRIPT, SCRIPT_HASH } from "./script.js";
import { STYLE } from "./style.js";
import { TIMELINE_STYLE } from "./timeline-style.js";

/** Content security policy: no script but the page's own, and nothing is loaded from elsewhere. */
const POLICY = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'`;

/** Contents of a page. */
export type Page = {
  /** Title of the browser's tab. */
  readonly tab: string;
  readonly title: string;
  /** What is between the title and the sections. */
  readonly head?: Content;
  readonly sections: readonly Content[];
  readonly generated?: GeneratedFacts | undefined;
};

/** Renders a complete, self-contained HTML page. */
export function page({ tab, title, head, sections, generated }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${tab}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE + TIMELINE_STYLE + COMPARISON_STYLE)}</style>
</head>
<body>
<header>
<p class="over">Differentiable Neural Computer</p>
<h1>${title}</h1>
${head}
</header>
<main>
${sections}</main>
${footer(generated)}
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.toString();
}

/** Renders a section of a page. */
export function section(title: string, intro: Content, content: Content): Html {
  return html`<section>
<h2>${title}</h2>
${intro && html`<p>${intro}</p>`}
${content}
</section>
`;
}

function footer(generated: GeneratedFacts | undefined): Html | undefined {
  if (!generated) return undefined;
  const { at, command, backend } = generated;
  return html`<footer><p>Made${command !== undefined && html` by ${commandCode(command)}`} on ${time(at)}${backend !== undefined && html` with the backend ${backend}`}.</p></footer>`;
}
