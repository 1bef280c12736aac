/** Separates groups of digits without allowing a line break. */
const NARROW_NO_BREAK_SPACE = "\u202f";

/** Formats a number with separated thousands: `20 000`, `0.38`, `1e-7`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [integer, rest] = String(value).split(/(?=[.e])/, 2);
  const tail = String(value).slice(integer.length);
  return rest?.startsWith("e") || integer.length < 5
    ? integer + tail
    : integer.replace(/\B(?=(\d{3})+$)/g, NARROW_NO_BREAK_SPACE) + tail;
}

/** Formats a measured value with about four digits: `11.4972`, `0.3820`, `314.5`; small values as `1.23e-5`. */
export function formatMeasurement(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  return value.toFixed(size < 100 ? 4 : size < 10_000 ? 1 : 0);
}

/**
 * Formats a fraction as a percentage with one decimal: `12.5%`. Only 1 gives `100.0%`, and only 0 gives `0.0%`.
 *
 * @param fraction - from 0 to 1.
 */
export function formatPercentage(fraction: number): string {
  const rounded = (100 * fraction).toFixed(1);
  if (fraction < 1 && rounded === "100.0") return "99.9%";
  if (fraction > 0 && rounded === "0.0") return "0.1%";
  return `${rounded}%`;
}

/**
 * Formats a span of time in its two largest units: `42 s`, `3 min 5 s`, `2 h 14 min`, `3 d 4 h`.
 *
 * @param seconds - at least 0.
 */
export function formatDuration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  const minutes = Math.round(rounded / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * Formats the rate of a training with about three digits: `3.12 it/s`, `366.7 it/s`.
 *
 * @param iterationsPerSecond - at least 0.
 */
export function formatRate(iterationsPerSecond: number): string {
  return `${iterationsPerSecond.toFixed(iterationsPerSecond < 10 ? 2 : 1)} it/s`;
}

/**
 * Formats a number of bytes with three digits: `512 bytes`, `14.2 KB`, `3 MB`. A KB is 1000 bytes.
 *
 * @param bytes - at least 0.
 */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, name] = bytes < 1e6 ? [1e3, "KB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${Number((bytes / Number(unit)).toPrecision(3))} ${name}`;
}
