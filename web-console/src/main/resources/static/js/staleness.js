// What moves by itself says so when it no longer does.
const mark = (stale) => document.querySelectorAll("[data-staleness]").forEach((status) => {
  status.querySelector(".stale")?.remove();
  if (!stale) return;
  const words = document.createElement("strong");
  words.className = "stale";
  words.textContent = ` · ${status.dataset.stale}`;
  status.append(words);
});
["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:sseError", "live:lost"].forEach((failure) => document.addEventListener(failure, () => mark(true)));
["htmx:afterSwap", "htmx:sseOpen", "live:found"].forEach((success) => document.addEventListener(success, () => mark(false)));
