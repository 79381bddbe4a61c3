/* What the page does in the browser itself: theme and language, the drawer, keys, and reporting clicks to Python.
   It reads no data of a consultation and asks no server for anything. */
(() => {
  "use strict";
  const root = document.documentElement;
  const THEME = "lexhub-theme", LANGUAGE = "lexhub-lang", DRAFT = "lexhub-draft";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  // Storage may be off: then what is kept is so for this visit, or not at all.
  const kept = (key, where = "localStorage") => { try { return window[where].getItem(key); } catch { return null; } };
  const keep = (key, value, where = "localStorage") => { try { window[where].setItem(key, value); } catch { /* off */ } };

  /* Theme: the visitor's choice, else the system's. Gradio sets a class of its own on the body; ours decides. */
  let chosen = kept(THEME);
  const dark = () => (chosen ? chosen === "dark" : system.matches);
  const paint = () => {
    for (const one of [root, document.body]) {
      if (one && one.classList.contains("dark") !== dark()) one.classList.toggle("dark", dark());
    }
  };
  const switchTheme = () => {
    chosen = dark() ? "light" : "dark";
    keep(THEME, chosen);
    paint();
  };

  /* Language: each has an address of its own, /ui/ and /ui/en/; the choice is remembered for the next visit. */
  const language = () => {
    const chosen = new URLSearchParams(location.search).get("lang");  // of the operator's page
    return /\/en\/?$/.test(location.pathname) || (chosen === "en" && /\/console\/?$/.test(location.pathname)) ? "en" : "zh";
  };
  const worded = (to) => location.pathname.replace(/(\/en)?\/?$/, "/") + (to === "en" ? "en/" : "") + location.search;
  const switchLanguage = (to) => {
    keep(LANGUAGE, to);
    location.assign(worded(to));
  };
  if (kept(LANGUAGE) === "en" && /\/ui\/?$/.test(location.pathname)) location.replace(worded("en"));

  const sidebar = (open) => {
    root.classList.toggle("lx-sidebar-open", open);
    document.querySelector('[data-local="sidebar"]')?.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#lx-sidebar button")?.focus();
  };
  const sidebarOpen = () => root.classList.contains("lx-sidebar-open");

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.text);
    } catch {  // no permission, or not a secure address
      const area = Object.assign(document.createElement("textarea"), {value: button.dataset.text});
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const label = button.querySelector("span");
    if (!label || button.dataset.label) return;
    button.dataset.label = label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = button.dataset.label; delete button.dataset.label; }, 1600);
  };

  /* Back goes to the consultation before; with an open drawer it closes that, as people expect on a phone. */
  let closing = null, settled = Promise.resolve();  // Back of our own, which takes the drawer out of the history again
  window.addEventListener("popstate", () => {
    if (closing) {
      closing();
      closing = null;
    } else if (drawer()) drawer().querySelector('[data-local="close"]').click();
    else location.reload();
  });

  /* The drawer takes the focus while it is open, and gives it back. */
  let opener = null;
  const drawer = () => document.querySelector(".lx-drawer");
  const opened = (shown, by) => {
    if (!root.classList.contains("lx-locked")) {
      opener = by;
      history.pushState({lexhub: "drawer"}, "");
    }
    root.classList.add("lx-locked");
    shown.scrollTop = 0;
    shown.querySelector('[data-local="close"]')?.focus();
  };
  const closed = () => {
    if (!root.classList.contains("lx-locked")) return;
    root.classList.remove("lx-locked");
    if (history.state?.lexhub === "drawer") {
      settled = new Promise((done) => { closing = done; });
      history.back();
    }
    const again = opener?.dataset?.id && document.querySelector(`[data-id="${CSS.escape(opener.dataset.id)}"]`);
    (opener?.isConnected ? opener : again)?.focus?.();
    opener = null;
  };
  const focusable = (inside) =>
    [...inside.querySelectorAll("button, a[href], summary, input, textarea")].filter((one) => one.getClientRects().length);

  /* Forms: what was answered, or changed, and nothing else. */
  const picks = (field) => field.type === "radio" || field.type === "checkbox";
  const answered = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || (picks(field) && !field.checked)) continue;
      const before = field.type === "checkbox" && values[field.name];
      const value = before ? `${before};${field.value}` : field.value.trim();
      const was = form.dataset.action === "confirm" ? field.defaultValue.trim() : "";
      if (value && value !== was) values[field.name] = value;
    }
    return values;
  };
  const marked = (form) => {
    if (form.dataset.action !== "confirm") return;
    const changes = answered(form);
    const any = Object.keys(changes).length > 0;
    for (const button of form.querySelectorAll("[data-when]")) button.disabled = (button.dataset.when === "changed") !== any;
    for (const field of form.querySelectorAll("textarea")) field.closest("tr").classList.toggle("lx-edited", field.name in changes);
  };
  const touched = (field) => {
    const rest = [...field.form.elements].filter((one) => one.name === field.name && one !== field);
    if (picks(field)) rest.filter((one) => !picks(one)).forEach((one) => { one.value = ""; });
    if (field.type === "text" && field.value.trim()) rest.forEach((one) => { one.checked = false; });
    if (field.type === "checkbox" && field.checked) {  // 都没有 goes with nothing else
      const alone = "alone" in field.dataset;
      rest.filter((one) => alone || "alone" in one.dataset).forEach((one) => { one.checked = false; });
    }
    marked(field.form);
  };

  /* What opens an article or a case is told by the drawer, wherever it stands, so that it works while a turn runs.
     Links of the conversation (deploy/page/sources.py) are such too. */
  let tellDrawer = null;
  const PARTS = {article: ["law", "number", "id"], case: ["id"]};
  const placed = (link) => {
    const [action, ...parts] = link.getAttribute("href").slice(1).split("/").map(decodeURIComponent);
    return PARTS[action] && {action, ...Object.fromEntries(PARTS[action].map((name, at) => [name, parts[at] ?? ""]))};
  };
  const LINKS = '#lx-conversation :is(a[href^="#article/"], a[href^="#case/"])';

  /* Report what happens in a gr.HTML to Python, as its `select` event. */
  const wire = (element, trigger, props, watch) => {
    const sent = new WeakSet();
    let last = null;
    if (element.closest("#lx-drawer")) tellDrawer = (data) => trigger("select", data);
    const once = (one) => {  // a double click is one click; without an answer it can be used again
      if (one.dataset.sent !== undefined) return false;
      one.dataset.sent = "";
      setTimeout(() => { delete one.dataset.sent; }, 1500);
      return true;
    };
    element.addEventListener("click", (event) => {
      const one = event.target.closest("[data-action], [data-local]");
      if (!one || one.tagName === "FORM" || !element.contains(one)) return;
      if (one.dataset.local === "close") {
        props.value = "";
        closed();
        trigger("select", {action: "close"});
      } else if (one.dataset.action && once(one)) {
        last = one;
        underway = "";  // what happens now is of something else
        const {sent: _, ...data} = one.dataset;
        if (PARTS[data.action] && tellDrawer) tellDrawer(data);
        else trigger("select", data);
        if (sidebarOpen() && one.closest("#lx-sidebar") && data.action !== "delete") sidebar(false);
      }
    });
    element.addEventListener("submit", (event) => {
      const form = event.target;
      event.preventDefault();
      const values = answered(form);
      if (form.dataset.action === "reply" && !Object.keys(values).length) {
        form.querySelector("input")?.focus();
      } else if (once(form)) {
        sent.add(form);
        trigger("select", {action: form.dataset.action, values});
      }
    });
    element.addEventListener("input", (event) => event.target.form && touched(event.target));
    element.addEventListener("keydown", (event) => {
      const field = event.target;
      if (event.key !== "Enter" || event.isComposing || event.shiftKey || !field.form || field.tagName !== "TEXTAREA") return;
      event.preventDefault();
      field.form.requestSubmit();
    });
    watch("value", () => {
      for (const form of element.querySelectorAll("form")) {
        if (sent.delete(form)) form.reset();
        marked(form);
      }
      const shown = element.querySelector(".lx-drawer");
      if (shown) opened(shown, last ?? document.activeElement);
      else if (!drawer()) closed();
    });
    document.addEventListener("click", (event) => {  // who opens a drawer may stand in another component
      const one = event.target.closest?.('[aria-haspopup="dialog"]');
      if (one) last = one;
    }, true);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(LINKS);
    if (link) {
      event.preventDefault();
      const told = placed(link);
      if (told) tellDrawer?.(told);
    }
    const one = event.target.closest("[data-local]");
    if (one?.dataset.local === "theme") switchTheme();
    else if (one?.dataset.local === "language") switchLanguage(one.dataset.lang);
    else if (one?.dataset.local === "copy") copy(one);
    else if (one?.dataset.local === "print") window.print();
    else if (one?.dataset.local === "sidebar") sidebar(!sidebarOpen());
    else if (sidebarOpen() && !event.target.closest("#lx-sidebar")) sidebar(false);
  });

  const composer = () => document.querySelector("#lx-composer textarea");
  let underway = "";  // words that were sent, until their turn runs
  const running = () => document.querySelector("#lx-below .lx-running");
  /* What is sent of the words: nothing while a turn runs. The server could not tell, where what the visitor does next
     overtakes them on the way. */
  const sent = (words) => running() ? "" : (underway = words);
  const write = (words) => {
    composer().value = words;
    composer().dispatchEvent(new Event("input", {bubbles: true}));
  };
  const arrived = () => {
    if (!underway || !running()) return;
    if (composer().value.startsWith(underway)) write(composer().value.slice(underway.length));
    underway = "";
  };

  /* What was written and not sent outlives a reload, which Gradio makes by itself when its server comes back. */
  let resumed = false;
  const resume = () => {
    if (resumed || !composer()) return;
    resumed = true;
    const draft = kept(DRAFT, "sessionStorage");
    if (draft && !composer().value) write(draft);
  };
  window.addEventListener("pagehide", () => { if (composer()) keep(DRAFT, composer().value, "sessionStorage"); });
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    const shown = drawer();
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.stopImmediatePropagation();  // this Enter chooses characters; it does not send
    } else if (event.key === "Escape" && shown) {
      shown.querySelector('[data-local="close"]').click();
    } else if (event.key === "Escape" && sidebarOpen()) {
      sidebar(false);
      document.querySelector('[data-local="sidebar"]')?.focus();
    } else if (event.key === "Tab" && shown) {
      const all = focusable(shown);
      const [first, end] = [all[0], all[all.length - 1]];
      const outside = !shown.contains(document.activeElement);
      if (outside || document.activeElement === (event.shiftKey ? first : end)) {
        event.preventDefault();
        (event.shiftKey ? end : first).focus();
      }
    } else if (event.key === "/" && !shown && !typing(event.target) && !event.ctrlKey && !event.metaKey && composer()) {
      event.preventDefault();
      composer().focus();
    }
  }, true);

  /* Gradio says in English that the server is gone, whatever the language of the page. */
  const TOLD = {"Error": "failed", "Connection to the server was lost. Attempting reconnection...": "lost"};
  const reworded = (toast) => {
    const words = toast.firstChild, key = TOLD[words?.textContent.trim()];
    if (key) words.textContent = document.querySelector("[data-lost]")?.dataset[key] ?? words.textContent;
  };

  /* The skeleton goes when the page is there. Gradio puts a nameless button into the button that folds a thought: it is
     only an arrow. */
  const mend = () => {
    if (document.querySelector("#lx-header")) document.querySelector(".lx-skeleton")?.remove();
    for (const link of document.querySelectorAll(`${LINKS}:not([aria-haspopup])`)) {
      link.setAttribute("aria-haspopup", "dialog");
      link.removeAttribute("target");
    }
    for (const words of document.querySelectorAll("#lx-conversation .user-row .message-content")) {
      words.tabIndex = words.scrollHeight > words.clientHeight ? 0 : -1;  // a long message scrolls in its own place
    }
    document.querySelectorAll('.toast-title, [data-testid="toast-text"]').forEach(reworded);
    for (const arrow of document.querySelectorAll(".thought-group .arrow:not([aria-hidden])")) {
      arrow.setAttribute("aria-hidden", "true");
      for (const button of arrow.querySelectorAll("button")) button.disabled = true;
    }
  };

  /* A turn is read from its beginning: the visitor's newest message comes to the top, and what follows stays below. */
  const TOP = 180;  // pixels that the header and the tabs take at most
  let said = 0, aligning = false;
  const follow = () => {
    const rows = document.querySelectorAll("#lx-conversation .user-row");
    if (rows.length !== said) aligning = rows.length > said;
    said = rows.length;
    if (!aligning) return;
    const row = rows[said - 1];
    row.scrollIntoView({block: "start"});
    // Where too little stands below it, it goes on as the answer comes.
    if (row.getBoundingClientRect().top < TOP) aligning = false;
  };
  for (const kind of ["wheel", "touchmove", "pointerdown"]) {
    document.addEventListener(kind, () => { aligning = false; }, {passive: true, capture: true});
  }

  root.id = "lx";
  root.lang = language() === "en" ? "en" : "zh-CN";
  paint();
  system.addEventListener("change", paint);
  new MutationObserver(paint).observe(root, {attributes: true, attributeFilter: ["class"]});
  const settle = () => {
    paint();
    new MutationObserver(paint).observe(document.body, {attributes: true, attributeFilter: ["class"]});
    new MutationObserver(() => { mend(); follow(); resume(); arrived(); }).observe(document.body, {childList: true, subtree: true});
  };
  if (document.body) settle();
  else document.addEventListener("DOMContentLoaded", settle);
  window.lexhub = {wire, language, sent, settled: () => settled};
  document.dispatchEvent(new Event("lexhub"));
})();
