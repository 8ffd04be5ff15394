// The wall's words: envelopes, calls, what became of them, and the ways to make the workspace misbehave.

const NAMES = {
  message: "書き込み", app_mention: "アプリへのメンション", app_home_opened: "ホームを開いた", reaction_added: "リアクション",
  reaction_removed: "リアクションを外した", member_joined_channel: "参加", member_left_channel: "退出", block_actions: "ボタン・選択",
  view_submission: "画面の送信", view_closed: "画面を閉じた", block_suggestion: "候補の検索", message_action: "メッセージのショートカット",
  shortcut: "ショートカット", team_join: "新しい人", user_change: "人の変更", file_shared: "ファイル",
  "chat.postMessage": "書き込む", "chat.update": "書き直す", "chat.postEphemeral": "一人だけに見せる", "chat.delete": "消す",
  "chat.getPermalink": "リンクを尋ねる", "reactions.add": "リアクションを付ける", "reactions.remove": "リアクションを外す",
  "views.open": "画面を開く", "views.update": "画面を書き直す", "views.push": "画面を重ねる", "views.publish": "ホームを書く",
  "conversations.history": "履歴を読む", "conversations.replies": "スレッドを読む", "conversations.open": "直接の会話を開く",
  "conversations.info": "チャンネルを尋ねる", "conversations.members": "参加者を尋ねる", "conversations.list": "チャンネルの一覧",
  "users.info": "人を尋ねる", "users.list": "人の一覧", "users.conversations": "参加しているチャンネル", "auth.test": "名乗る",
  "apps.connections.open": "線をつなぐ", "files.getUploadURLExternal": "ファイルの送り先", "files.completeUploadExternal": "ファイルを送る",
};

/** What an envelope or a call is, in words; its name if there are none. */
export const nameOfRow = (row) => NAMES[row.name] ?? (row.name.startsWith("/") ? "コマンド" : "");

const time = (ms) => (ms === null ? "" : ms < 1000 ? `${Math.round(ms)} ミリ秒` : `${(ms / 1000).toFixed(1)} 秒`);

const SENT = {
  waiting: () => "返事を待っています",
  delivered: (row) => (row.attempts > 1 ? `${row.attempts} 回目で受け取りました` : `受け取りました ${time(row.ms)}`),
  retrying: (row) => `${row.attempts} 回、返事なし。送り直します`,
  failed: () => "届きませんでした(押した人に知らせます)",
  given_up: () => "送るのをやめました",
};
const CALLED = {
  ok: (row) => `できました ${time(row.ms)}`,
  429: (row) => `断られました:${row.wait} 秒待つ`,
  ratelimited: (row) => `断られました:${row.wait} 秒待つ`,
  drop_before: () => "書く前に切れました",
  drop_after: () => "書いた直後に切れました",
  aborted: () => "途中でやめました",
};

/** What became of it. */
export function became(row) {
  const say = (row.way === "in" ? SENT : CALLED)[row.outcome];
  if (say) return say(row);
  return /^50\d$/.test(row.outcome) ? `使えませんでした(${row.outcome})` : `エラー:${row.outcome}`;
}

/** Ways to misbehave that last until they are ended. `on` is what the control verb "faults" takes. */
export const SWITCHES = [
  { name: "混雑(429)", about: "アプリの呼び出しの半分を「混んでいます。1 秒待って」と断ります。", on: { kind: "429", probability: 0.5, retry_after: 1 } },
  { name: "遅い返事", about: "呼び出しの返事を 1 秒遅らせます。", on: { kind: "slow", seconds: 1 } },
  { name: "返事が消える", about: "3 回に 1 回、書き込んだ直後に線が切れ、書けたかどうか分からなくなります。",
    on: { kind: "drop_after", method: "chat.postMessage", probability: 0.34 } },
  { name: "二重の知らせ", about: "同じ知らせを、アプリへ 2 回ずつ送ります。", on: { kind: "duplicate" } },
  { name: "遅れる履歴", about: "書き込みが履歴に出るまで、1 秒かかります。", on: { kind: "history_delay", seconds: 1 } },
];

/** Whether a switch is on, and how often it has struck (null if nobody counts). */
export function stateOf({ on: { kind } }, faults) {
  if (kind in faults) return { on: Boolean(faults[kind]), used: null };
  const mine = faults.planned.filter((each) => each.kind === kind);
  return { on: mine.length > 0, used: mine.reduce((sum, each) => sum + each.used, 0) };
}

/** Whether the workspace misbehaves in any way. */
export const isOdd = (faults) =>
  faults.planned.length > 0 || faults.history_delay > 0 || faults.hold_events || faults.drop_events;

export const STATES = { fine: "合っています", waiting: "途中です", wrong: "確かめてください" };

/** The sums above the list: words and what they count. */
export const sums = (all) => [
  ["アプリへ送った", all.envelopes], ["返事待ち", all.in_flight + all.waiting], ["送り直した", all.again], ["届かなかった", all.lost],
  ["アプリの呼び出し", all.calls], ["断った(429)", all.limited], ["ほかの失敗", all.failed],
  ["二度書かれたもの", all.duplicates], ["つながっている線", all.connections],
];
