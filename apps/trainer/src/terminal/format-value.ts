export { formatValue } from "@dnc/report";
