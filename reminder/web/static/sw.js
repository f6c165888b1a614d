// Shows what is pushed to this browser, and does what its buttons say. It keeps no page: a list of dates that is stale
// would be worse than none.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const read = (data) => {
  try {
    return data.json();
  } catch {
    return {};
  }
};

// Whatever comes, something is shown: a browser takes back the right to push in silence.
self.addEventListener("push", (event) => {
  const { title, body, url, tag, actions } = event.data ? read(event.data) : {};
  const acts = Array.isArray(actions) ? actions : [];
  const options = {
    body: body || "",
    icon: "ICON_ADDRESS",
    actions: acts.map(({ action, title: label }) => ({ action, title: label })),
    data: { url: url || "", actions: acts },
  };
  if (tag) Object.assign(options, { tag, renotify: true });
  event.waitUntil(self.registration.showNotification(title || "reminder", options));
});

// What leads nowhere, such as a code, brings back the page that was looked at last: it waits for the code there.
const show = async (url) => {
  const to = new URL(url || "/", self.location.origin).href;
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((each) => !url || each.url === to);
  return there ? there.focus() : self.clients.openWindow(to);
};

// A button acts at once; where that does not go, the page of the same address says what can be done.
const act = async (url) => {
  try {
    const answer = await fetch(url, { method: "POST", credentials: "omit" });
    if (answer.ok) return null;
  } catch { /* Not reached: the page says so. */ }
  return show(url);
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, actions } = event.notification.data;
  const pressed = actions.find(({ action }) => action === event.action);
  const acts = pressed && pressed.action !== "open";
  event.waitUntil(acts ? act(pressed.url) : show(pressed ? pressed.url : url));
});

// Some browsers get another address by themselves. Who does not say which one it had is set up again by its person.
self.addEventListener("pushsubscriptionchange", (event) => {
  const before = event.oldSubscription;
  if (!before) return;
  const renew = async () => {
    const after = event.newSubscription || await self.registration.pushManager.subscribe(before.options);
    const body = JSON.stringify({ before: before.endpoint, after: JSON.stringify(after) });
    await fetch("/channels/browser/renew", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  };
  event.waitUntil(renew());
});
