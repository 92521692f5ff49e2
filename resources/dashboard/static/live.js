"use strict";
// The page as it is now: what changed comes by server-sent events, times grow
// older by themselves, and what is shown is called old when nothing comes any more.
(() => {
  const byId = (id) => document.getElementById(id);
  const silent = 25000; // ms; the server says something every 10 s
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("page", { createHTML: (text) => text })
    : { createHTML: (text) => text };
  let heard = Date.now();
  let stale = false;

  const age = (s) => {
    if (s < 120) return s + " s";
    if (s < 7200) return Math.floor(s / 60) + " min";
    if (s < 172800) return Math.floor(s / 3600) + " h";
    return Math.floor(s / 86400) + " days";
  };

  const grow = (within) => {
    for (const span of within.querySelectorAll("[data-since]")) {
      const s = Math.trunc((Date.now() + skew - Date.parse(span.dataset.since)) / 1000);
      const text = s < 0 ? "in " + age(-s) : age(s) + " ago";
      if (span.textContent !== text) span.textContent = text;
    }
  };

  // become makes one node of the page what another is, and leaves alone what is
  // equal: the focus, a selection and what was unfolded stay.
  const become = (old, now) => {
    if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || old.id !== now.id) {
      old.replaceWith(now);
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== now.nodeValue) old.nodeValue = now.nodeValue;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && name !== "open" && name !== "tabindex") old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    children(old, now);
  };

  const children = (old, now) => {
    const are = [...old.childNodes];
    const shall = [...now.childNodes];
    shall.forEach((child, i) => (are[i] ? become(are[i], child) : old.append(child)));
    are.slice(shall.length).forEach((child) => child.remove());
  };

  const say = (text) => { byId("said").textContent = text; };

  const alive = () => {
    heard = Date.now();
    byId("live").dataset.state = "live";
    byId("live-text").textContent = "live";
    if (!stale) return;
    stale = false;
    byId("stale").hidden = true;
    document.body.classList.remove("old");
    say("Connected again.");
  };

  const gone = () => {
    if (stale) return;
    stale = true;
    const at = new Date(heard + skew);
    byId("live").dataset.state = "stale";
    byId("live-text").textContent = "not live";
    byId("stale").textContent = "Nothing was heard of the daemon since " + at.toLocaleTimeString([], { hour12: false }) +
      ": what you see is how it was then. See `systemctl status hotpair` on the node, or your own way to it.";
    byId("stale").hidden = false;
    document.body.classList.add("old");
  };

  const show = (event) => {
    const news = JSON.parse(event.data);
    if (news.build !== document.body.dataset.build) {
      location.reload();
      return;
    }
    const main = byId("main");
    const fresh = document.createElement("main");
    fresh.innerHTML = policy.createHTML("\n" + news.main + "\n");
    grow(fresh);
    children(main, fresh);
    byId("icon").href = news.icon;
    const title = news.title + " – hotpair";
    if (document.title !== title) {
      document.title = title;
      say(news.title);
    }
    document.body.dataset.edition = news.edition;
    alive();
  };

  const listen = () => {
    const source = new EventSource("events?has=" + encodeURIComponent(document.body.dataset.edition));
    source.addEventListener("open", alive);
    source.addEventListener("beat", alive);
    source.addEventListener("page", show);
    source.addEventListener("error", () => {
      gone();
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source.close();
      setTimeout(listen, 5000);
    });
  };

  // The node's clock may be another than this browser's.
  const skew = Date.parse(document.querySelector("#live time").dateTime) - Date.now();
  setInterval(() => {
    if (Date.now() - heard > silent) gone();
    grow(byId("main"));
  }, 1000);
  listen();
})();
