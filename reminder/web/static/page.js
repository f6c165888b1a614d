// Extras only: without this file everything on the page still works.
(() => {
  "use strict";
  const words = JSON.parse(document.body.dataset.words);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const make = (name, text = "", more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);
  const stored = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch { /* A browser that keeps nothing has the usual. */ }
    return null;
  };

  // Copying -----------------------------------------------------------------------------------------------------------
  const say = make("p", "", { className: "skip" });
  say.setAttribute("role", "status");
  document.body.append(say);
  for (const button of navigator.clipboard ? all("[data-copy]") : []) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = say.textContent = words.copied;
      } catch {
        button.textContent = say.textContent = words.uncopied;
      }
      setTimeout(() => { button.textContent = label; say.textContent = ""; }, 2500);
    });
  }

  // Filtering a long list as one types ----------------------------------------------------------------------------------
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  for (const list of all("[data-filter]")) {
    const rows = () => all("tbody > tr, li", list);
    if (rows().length < 8) continue;
    const label = make("label", list.dataset.filter, { className: "filter" });
    const field = make("input", "", { type: "search", autocomplete: "off" });
    const count = make("span", "", { className: "dim" });
    count.setAttribute("role", "status");
    label.append(" ", field, " ", count);
    list.before(label);
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows()) {
        const text = plain(row.textContent);
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = words.length ? words.shown.replace("{n}", shown).replace("{all}", rows().length) : "";
    });
  }

  // The zone that the browser is in, where somebody joins ---------------------------------------------------------------
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of all("[data-zone]")) if (zone && zone !== "UTC") field.value = zone; // UTC: it does not say

  // A date of one's own is meant once it is written ---------------------------------------------------------------------
  const own = document.querySelector("input[name=entry][value=hand]");
  const premiere = document.querySelector("input[name=premiere]");
  if (own && premiere) premiere.addEventListener("input", () => { if (premiere.value) own.checked = true; });

  // Keys ----------------------------------------------------------------------------------------------------------------
  const PLACES = { u: "/", m: "/month", a: "/add", e: "/messages", h: "/history", c: "/channels", i: "/me", s: "/status" };
  const HELP = ["/", "j, k", "g u, g m, g a", "g e, g h, g c, g i", "?"];
  const isOn = () => stored("keys") !== "off";
  let goes = 0;
  let help = null;

  const showHelp = () => {
    if (!help) {
      help = make("dialog");
      help.setAttribute("aria-labelledby", "keys");
      const list = make("dl");
      HELP.forEach((keys, at) => {
        const row = make("div");
        row.append(make("dt", keys), make("dd", words.help[at]));
        list.append(row);
      });
      const turn = make("input", "", { type: "checkbox", checked: isOn() });
      turn.addEventListener("change", () => stored("keys", turn.checked ? "on" : "off"));
      const label = make("label");
      label.append(turn, ` ${words.single}`);
      const close = make("button", words.close);
      close.addEventListener("click", () => help.close());
      help.append(make("h2", words.keys, { id: "keys" }), list, label, close);
      document.body.append(help);
    }
    help.showModal();
  };
  const footer = document.querySelector("footer");
  if (footer) {
    const button = make("button", words.keys, { className: "quiet", type: "button" });
    button.addEventListener("click", showHelp);
    footer.append(button);
  }

  const step = (by) => {
    const rows = [...new Set(all("main li, main tbody tr").map((row) => row.querySelector("a, button")))]
      .filter((row) => row?.offsetParent);
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by, 0), rows.length - 1)].focus();
  };
  const pressed = (event) => {
    if (event.key === "/") return document.querySelector("[data-search], input[type=search]")?.focus() ?? true;
    if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1) ?? true;
    if (event.key === "?") return showHelp() ?? true;
    if (event.key === "g") { goes = event.timeStamp; return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || inField || help?.open || !isOn()) return;
    const place = event.timeStamp - goes < 1500 && goes ? PLACES[event.key] : null;
    goes = 0;
    if (place && all("nav a").some((link) => link.getAttribute("href") === place)) location.assign(place);
    else if (!pressed(event)) return;
    event.preventDefault();
  });
})();
