/** The page's entry. */
import "./style/page.css";
import { App } from "./view/app.js";

const root = document.getElementById("app");
if (root !== null) void new App(root).start();

// It works without a network once it has been loaded. (Trusted Types: a script's address is a decision, made here alone.)
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  const policy = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): Policy } })
    .trustedTypes;
  const script = policy
    ?.createPolicy("vagus", { createScriptURL: (url: string) => url })
    .createScriptURL("/worker.js");
  navigator.serviceWorker.register((script ?? "/worker.js") as string).catch(() => {});
}

interface Policy {
  createScriptURL(url: string): unknown;
}
