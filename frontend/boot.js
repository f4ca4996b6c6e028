// Starts the console: the module and its WebAssembly are named by the page.
const address = (id) => document.getElementById(id).href;
try {
  const { default: start } = await import(address("console-js"));
  await start({ module_or_path: address("console-wasm") });
} catch (error) {
  document.getElementById("console").hidden = true;
  document.getElementById("boot-failed").hidden = false;
  document.getElementById("boot-reason").textContent = String(error);
  throw error;
}
