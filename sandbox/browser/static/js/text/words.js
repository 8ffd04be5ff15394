// What the page says of its own: refusals, failures, objections to a field. Japanese, short, and what to do.

const REFUSALS = {
  unreachable: "つながりませんでした。少し待って、もう一度お試しください。",
  not_in_channel: "このチャンネルに参加していないので、書き込めません。",
  is_archived: "このチャンネルは閉じられています。",
  already_reacted: "もう付けています。",
  no_reaction: "もう外れています。",
  messages_tab_disabled: "このアプリには直接書き込めません。",
  thread_not_found: "元のメッセージが見つかりません。消されたのかもしれません。",
  message_not_found: "そのメッセージは、もうありません。",
  channel_not_found: "そのチャンネルは見えません。",
  not_yours: "ほかの人のメッセージは変えられません。",
  not_visible: "その操作は、もうできません。表示が新しくなっています。",
  unknown_command: "そのコマンドはありません。",
  another_apps_command: "そのコマンドは、別のアプリのものです。",
  not_in_threads: "コマンドはスレッドの中では使えません。チャンネルで使ってください。",
  external_user: "ほかの組織の方は、コマンドとショートカットを使えません。",
  guest: "ゲストの方は、このショートカットを使えません。",
  app_uninstalled: "アプリが外されています。",
  account_inactive: "この人は、いまは使えません。",
  no_view: "その画面は、もう閉じています。",
  no_such_choice: "その選択肢はありません。",
  home_tab_disabled: "このアプリにはホームがありません。",
  unreadable_file: "ファイルを読めませんでした。",
  too_short: "もう少し入力してください。",
};

export const refusal = (code, detail) => REFUSALS[code] ?? `できませんでした(${[code, detail].filter(Boolean).join(":")})。`;

const FAILURES = {
  timeout: "アプリから 3 秒以内に返事がありませんでした。",
  http_timeout: "アプリから 3 秒以内に返事がありませんでした。",
  connection_failed: "アプリが動いていません。",
  http_error: "アプリがエラーを返しました。",
};

export const known = (reason) => reason in FAILURES;

/** Why the app did not do what was asked, and that nothing typed is lost. */
export const failure = (reason) =>
  `${FAILURES[reason] ?? `アプリの返事を表示できませんでした(${reason})。`}少し待って、もう一度お試しください。`;

const OBJECTIONS = [
  [/^Please complete this required field\.$/, () => "入力してください。"],
  [/^Must be at least (\d+) characters\.$/, (n) => `${n} 文字以上で入力してください。`],
  [/^Must be less than (\d+) characters\.$/, (n) => `${n - 1} 文字までです。`],
  [/^Must be at most (\d+) files\.$/, (n) => `ファイルは ${n} 個までです。`],
  [/^Must be less than 10 MB\.$/, () => "10 MB までのファイルを選んでください。"],
  [/^Must be a valid email address\.$/, () => "メールアドレスの形で入力してください。"],
  [/^Must be a valid URL\.$/, () => "https:// から始まるアドレスを入力してください。"],
  [/^Must be a valid number\.$/, () => "数字で入力してください。"],
  [/^Must be an integer\.$/, () => "整数で入力してください。"],
  [/^Must be (\S+) or more\.$/, (n) => `${n} 以上にしてください。`],
  [/^Must be (\S+) or less\.$/, (n) => `${n} 以下にしてください。`],
];

/** What Slack's client objects to, in Japanese; what the app objects to stays as it is. */
export function objection(sentence) {
  for (const [shape, say] of OBJECTIONS) {
    const found = shape.exec(sentence);
    if (found) return say(found[1]);
  }
  return sentence;
}

const NOTICES = [
  [/has joined the channel$/, "さんが参加しました"],
  [/has left the channel$/, "さんが退出しました"],
  [/(?:un)archived the channel$/, "さんがチャンネルの状態を変えました"],
  [/has renamed the channel from "(.*)" to "(.*)"$/, "さんがチャンネルの名前を変えました"],
  [/set the channel (?:topic|purpose): /, "さんがチャンネルの説明を変えました"],
  [/cleared channel (?:topic|purpose)$/, "さんがチャンネルの説明を消しました"],
];

/** One of Slack's own lines in Japanese, or null. */
export const notice = (text) => NOTICES.find(([shape]) => shape.test(text))?.[1] ?? null;

export const RINGS = {
  mention: "あなたへのメンション",
  group: "グループへのメンション",
  direct: "ダイレクトメッセージ",
  thread: "スレッドの返信",
  everybody: "全員への呼びかけ",
};
