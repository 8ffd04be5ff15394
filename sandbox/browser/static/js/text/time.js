// Moments, in the workspace's time zone.

const ZONE = "Asia/Tokyo";
const OFFSET = 9 * 3600; // of that zone, which has no summer time
const DAY = 86400;
const made = new Map();

function format(options) {
  const key = JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("ja-JP", { timeZone: ZONE, ...options }));
  return made.get(key);
}

const written = (unix, options) => format(options).format(new Date(unix * 1000));

const padded = (number) => String(number).padStart(2, "0");

/** "09:05"; like the day as a key asked for with every row, so not by way of a calendar. */
export function clock(unix) {
  const minutes = Math.floor((unix + OFFSET) / 60) % 1440;
  return `${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}`;
}

/** The day as a key, and as people say it, near days by name. */
export const dayKey = (unix) => Math.floor((unix + OFFSET) / DAY);

export function dayName(unix, now) {
  const key = dayKey(unix);
  if (key === dayKey(now)) return "今日";
  if (key === dayKey(now - DAY)) return "昨日";
  if (key === dayKey(now + DAY)) return "明日";
  return written(unix, { year: sameYear(unix, now) ? undefined : "numeric", month: "long", day: "numeric",
    weekday: "short" });
}

const sameYear = (unix, now) => written(unix, { year: "numeric" }) === written(now, { year: "numeric" });

export const moment = (unix, now) => `${dayKey(unix) === dayKey(now) ? "" : `${dayName(unix, now)} `}${clock(unix)}`;

export const seconds = (unix) => FORMS.time_secs(unix);

/** "11/25(水) 10:03" */
export function weekdayed(unix) {
  const day = written(unix, { month: "numeric", day: "numeric" });
  const hour = written(unix, { hour: "numeric", minute: "2-digit", hourCycle: "h23" });
  return `${day}(${written(unix, { weekday: "short" })}) ${hour}`;
}

const FORMS = {
  date_num: (unix) => written(unix, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (unix) => written(unix, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (unix) => written(unix, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (unix) => written(unix, { year: "numeric", month: "long", day: "numeric", weekday: "long" }),
  date_pretty: (unix, now) => near(unix, now) ?? FORMS.date(unix),
  date_short_pretty: (unix, now) => near(unix, now) ?? FORMS.date_short(unix),
  date_long_pretty: (unix, now) => near(unix, now) ?? FORMS.date_long(unix),
  day_divider_pretty: (unix, now) => dayName(unix, now),
  time: clock,
  time_secs: (unix) => written(unix, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago,
};

function near(unix, now) {
  const name = dayName(unix, now);
  return ["今日", "昨日", "明日"].includes(name) ? name : null;
}

function ago(unix, now) {
  const minutes = Math.round((now - unix) / 60);
  const size = Math.abs(minutes);
  const side = minutes < 0 ? "後" : "前";
  if (size < 60) return `${size} 分${side}`;
  return size < 1440 ? `${Math.round(size / 60)} 時間${side}` : `${Math.round(size / 1440)} 日${side}`;
}

/** Slack's date tokens ("{date_short} {time}") filled in. */
export const dated = (unix, tokens, now) =>
  tokens.replace(/\{([a-z_]+)\}/g, (all, name) => (FORMS[name] ? FORMS[name](unix, now) : all));

/** A moment for an input of type datetime-local, and back; in the workspace's zone. */
export const toLocal = (unix) => new Date((unix + OFFSET) * 1000).toISOString().slice(0, 16);
export const fromLocal = (text) => (text ? Date.parse(`${text}:00Z`) / 1000 - OFFSET : null);
