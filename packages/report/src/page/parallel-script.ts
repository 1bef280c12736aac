/**
 * The part of the page's script for parallel coordinates: the line under the pointer, by touch and by arrow keys, with its values. It
 * runs inside the script, whose functions it uses.
 */
export const PARALLEL_SCRIPT = `
/* Parallel coordinates: data-line has the name and the values of a line; its path has a point per axis. */
for (const box of all("[data-lines]")) {
  const svg = box.querySelector("svg");
  const lines = all("path[data-line]", svg).map((path) => ({
    path,
    points: path.getAttribute("d").slice(1).split("L").map((point) => point.split(" ").map(Number)),
  })).sort((a, b) => a.points[a.points.length - 1][1] - b.points[b.points.length - 1][1]);
  /* Without the script, browsers show these themselves. */
  for (const title of all("path title", svg)) title.remove();
  let at = -1;
  const choose = (index, x, y) => {
    if (lines[at]) lines[at].path.classList.remove("on");
    at = index;
    box.classList.toggle("picking", at >= 0);
    if (at < 0) return hide();
    lines[at].path.classList.add("on");
    tell(lines[at].path.dataset.line, x, y);
  };
  const heightAt = (points, x) => {
    const next = Math.max(1, points.findIndex(([place]) => place >= x));
    const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  };
  const pickLine = (event) => {
    const area = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / area.width;
    const x = (event.clientX - area.left) * scale, y = (event.clientY - area.top) * scale;
    const [first, last] = [lines[0].points[0][0], lines[0].points[lines[0].points.length - 1][0]];
    const inside = Math.max(first, Math.min(last, x));
    const distances = lines.map(({ points }) => Math.abs(heightAt(points, inside) - y));
    const nearest = distances.reduce((best, distance, index) => distance < distances[best] ? index : best, 0);
    choose(Math.abs(x - inside) < 40 && distances[nearest] < 16 ? nearest : -1, event.clientX, event.clientY);
  };
  box.addEventListener("pointermove", pickLine);
  box.addEventListener("pointerdown", pickLine);
  box.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") choose(-1); });
  box.addEventListener("blur", () => choose(-1));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return choose(-1);
    const move = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(lines.length - 1, at + move));
    const [x, y] = lines[index].points[lines[index].points.length - 1];
    const area = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / area.width;
    choose(index, area.left + x / scale, area.top + y / scale);
  });
}
`;
