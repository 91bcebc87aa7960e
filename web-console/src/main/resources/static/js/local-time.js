// The server writes UTC; here it becomes the reader's own time, with the date only when it is not today.
const localise = () => document.querySelectorAll("time[data-local]").forEach((time) => {
  const at = new Date(time.dateTime);
  const today = at.toDateString() === new Date().toDateString();
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const date = { year: "numeric", month: "short", day: "numeric" };
  time.title = time.textContent;
  time.textContent = at.toLocaleString(document.documentElement.lang, today ? clock : { ...date, ...clock });
  delete time.dataset.local;
});
document.addEventListener("DOMContentLoaded", localise);
document.addEventListener("htmx:afterSettle", localise);
