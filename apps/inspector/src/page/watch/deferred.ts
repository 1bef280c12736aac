import { element } from "../dom.js";
import type { Part } from "./watched.js";

/**
 * Makes a part once the page has shown the others: it takes long to draw.
 *
 * @param isCurrent - whether it is still wanted when its turn comes.
 */
export function deferred(make: () => Part, isCurrent: () => boolean): Part {
  const place = element("div", { class: "deferred" });
  let part: Part | undefined;
  let step = 0;
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (!isCurrent()) return;
      part = make();
      place.replaceWith(part.element);
      part.showStep?.(step);
    }),
  );
  return {
    element: place,
    showStep(next) {
      step = next;
      part?.showStep?.(next);
    },
  };
}
