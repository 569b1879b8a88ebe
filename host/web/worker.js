/**
 * The service worker: the page as it was loaded, kept, so that it opens without a network. What it keeps is named by the
 * build, all of it of one version; a new version takes the place of the old one as a whole.
 */
const VERSION = "__VERSION__";
const FILES = ["__FILES__"];
const KEPT = `vagus-${VERSION}`;

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(fresh))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  // What is asked of the bridge is of this moment.
  if (method !== "GET" || origin !== self.location.origin || pathname.startsWith("/bridge/")) return;
  const path = pathname === "/index.html" ? "/" : pathname;
  event.respondWith(caches.match(path).then((kept) => kept ?? fetch(event.request)));
});
