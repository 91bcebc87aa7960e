// A button with data-copy puts that text on the clipboard and says so; without script it stays hidden.
const reveal = (root) => root.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = label; }, 1500);
});
document.addEventListener("DOMContentLoaded", () => reveal(document));
document.addEventListener("htmx:afterSettle", () => reveal(document));
