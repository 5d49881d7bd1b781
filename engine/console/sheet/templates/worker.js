"use strict";

/* Keeps the page of a form for where there is no network: whatever there is comes first, and what a link no longer
   opens is not kept. Nothing that is filled in passes here but on its way to the service. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(found(event.request));
});

async function found(request) {
  const kept = await caches.open("forewarn-form");
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    else if (answer.status === 404 || answer.status === 410) await kept.delete(request);
    return answer;
  } catch {
    return (await kept.match(request)) ?? Response.error();
  }
}
