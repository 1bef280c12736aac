/** Sends vectors to the server, one per time step: node client.js URL */
const [url = "http://127.0.0.1:8080/sessions"] = process.argv.slice(2);

const { session, inputSize } = await send("POST", url);
for (let step = 0; step < 5; step++) {
  const input = Array.from({ length: inputSize }, () => Math.round(Math.random()));
  const { output } = await send("POST", `${url}/${session}/steps`, { input });
  console.log(input.join(" "), "->", output.map((value) => value.toFixed(2)).join(" "));
}
await send("DELETE", `${url}/${session}`);

async function send(method, address, body) {
  const response = await fetch(address, { method, body: body && JSON.stringify(body) });
  if (response.status === 204) return undefined;
  const result = await response.json();
  if (!response.ok) throw new Error(result.error);
  return result;
}
