export { formatValue as quoted, visibleLine } from "@dnc/report";
