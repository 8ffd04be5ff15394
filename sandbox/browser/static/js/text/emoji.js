// The emoji people use here, by Slack's names.

const TABLE = `+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 pray 🙏 bow 🙇 raised_hands 🙌 raising_hand 🙋 wave 👋 ok_hand 👌 muscle 💪
point_right 👉 point_up ☝️ eyes 👀 smile 😄 smiley 😃 grin 😁 laughing 😆 joy 😂 blush 😊 slightly_smiling_face 🙂 wink 😉
thinking_face 🤔 sweat_smile 😅 sweat 😓 sob 😭 cry 😢 disappointed 😞 worried 😟 rage 😡 scream 😱 sleeping 😴 heart ❤️ sparkles ✨
star ⭐ tada 🎉 fire 🔥 100 💯 rocket 🚀 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ o ⭕ question ❓
grey_question ❔ exclamation ❗ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 rotating_light 🚨 sos 🆘 new 🆕 up 🆙 ok 🆗
information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️
inbox_tray 📥 outbox_tray 📤 incoming_envelope 📨 envelope ✉️ email 📧 mailbox 📫 memo 📝 pencil ✏️ pencil2 ✏️ page_facing_up 📄
bookmark 🔖 books 📚 book 📖 open_book 📖 clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 file_folder 📁
open_file_folder 📂 card_index 📇 chart_with_upwards_trend 📈 bar_chart 📊 calendar 📅 date 📅 spiral_calendar_pad 🗓️ clock3 🕒
alarm_clock ⏰ hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ stopwatch ⏱️ telephone ☎️ telephone_receiver 📞 phone ☎️ iphone 📱
computer 💻 desktop_computer 🖥️ printer 🖨️ keyboard ⌨️ floppy_disk 💾 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 mag 🔍
mag_right 🔎 wrench 🔧 hammer 🔨 gear ⚙️ nut_and_bolt 🔩 shield 🛡️ robot_face 🤖 office 🏢 house 🏠 school 🏫 hospital 🏥
japan 🗾 busts_in_silhouette 👥 bust_in_silhouette 👤
man_and_woman_holding_hands 👫 handshake 🤝 ear 👂 speaking_head_in_silhouette 🗣️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️
arrows_counterclockwise 🔄 repeat 🔁 heavy_plus_sign ➕ heavy_minus_sign ➖
red_circle 🔴 large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡 white_circle ⚪ black_circle ⚫ zap ⚡ sunny ☀️
cloud ☁️ umbrella ☔ snowflake ❄️ cherry_blossom 🌸 seedling 🌱 four_leaf_clover 🍀 maple_leaf 🍁 tea 🍵 coffee ☕ rice_ball 🍙
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ mortar_board 🎓 trophy 🏆 dart 🎯 gift 🎁 balloon 🎈 flag-jp 🇯🇵 jp 🇯🇵 beginner 🔰
large_orange_circle 🟠 ticket 🎫 package 📦 label 🏷️ lower_left_ballpoint_pen 🖊️ scales ⚖️ moneybag 💰 yen 💴 train 🚆 car 🚗`;

const words = TABLE.split(/\s+/);
export const EMOJI = new Map();
for (let at = 0; at < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);

/** The character of an emoji, or null if it is not in the table. */
export const emoji = (name) => EMOJI.get(name.split("::")[0]) ?? null;

/** Shown first where one chooses a reaction. */
export const COMMON = ["+1", "white_check_mark", "eyes", "pray", "tada", "thinking_face", "raising_hand", "bulb", "heart"];
