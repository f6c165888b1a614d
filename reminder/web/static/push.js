// Sets up this browser for messages: asks the person, then the browser, and sends what it says as a form of the page.
(() => {
  "use strict";
  const place = document.querySelector("[data-push]");
  if (!place) return;
  const form = place.querySelector("form");
  const say = (what) => {
    for (const each of place.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== what;
  };
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

  // An iPad says that it is a Mac, which has no screen to touch.
  const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent)
    || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  const isOnHomeScreen = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
  const canPush = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const subscribe = async () => {
    const worker = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    const answer = await fetch(form.dataset.key, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error(answer.statusText);
    const { key } = await answer.json();
    await navigator.serviceWorker.ready;
    const before = await worker.pushManager.getSubscription();
    const wanted = bytes(key);
    if (before && isSame(new Uint8Array(before.options.applicationServerKey || []), wanted)) return before;
    await before?.unsubscribe(); // it waits for messages signed with another key
    return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
  };

  const setUp = async () => {
    const said = await Notification.requestPermission();
    if (said !== "granted") return say(said === "denied" ? "denied" : "ready");
    say("waits");
    try {
      form.elements.subscription.value = JSON.stringify(await subscribe());
      return form.submit();
    } catch {
      return say("failed");
    }
  };

  if (!canPush) say(isApple && !isOnHomeScreen ? "home" : "cannot");
  else say(Notification.permission === "denied" ? "denied" : "ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    setUp();
  });
})();
