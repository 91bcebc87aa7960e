// Follows a log: the stream begins with what was written before, which takes the place of what the page came with.
const MOST_LINES = 2000;
const lineOf = (log, { taskId, line }) => {
  const element = document.createElement("span");
  element.className = "log-line";
  if (log.dataset.tasks === "true") {
    const task = document.createElement("span");
    task.className = "log-task";
    task.textContent = taskId;
    element.append(task);
  }
  element.append(line);
  return element;
};
const followLog = (log) => {
  const stream = new EventSource(log.dataset.follow);
  let fresh = true;
  let lost;
  stream.addEventListener("open", () => {
    clearTimeout(lost);
    fresh = true;
    document.dispatchEvent(new Event("live:found"));
  });
  stream.addEventListener("line", (event) => {
    if (fresh) log.replaceChildren();
    fresh = false;
    log.append(lineOf(log, JSON.parse(event.data)));
    while (log.childElementCount > MOST_LINES) log.firstElementChild.remove();
  });
  stream.addEventListener("end", (event) => {
    stream.close();
    clearTimeout(lost);
    const words = document.createElement("span");
    words.className = "log-line log-end";
    words.textContent = JSON.parse(event.data).message;
    log.append(words);
    document.querySelectorAll("[data-log-live]").forEach((live) => { live.hidden = true; });
  });
  // Streams end with the token they were opened with; the browser opens the next one by itself unless it was refused.
  stream.addEventListener("error", () => {
    clearTimeout(lost);
    lost = setTimeout(() => document.dispatchEvent(new Event("live:lost")), 4000);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { clearTimeout(lost); followLog(log); }, 6000);
  });
};
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-follow]").forEach((log) => {
  document.querySelectorAll("[data-log-live]").forEach((words) => { words.hidden = false; });
  followLog(log);
}));
